using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Thoth.Interception.LocalPolicy.Policy;
using Thoth.Interception.LocalPolicy.Reload;
using Thoth.Interception.LocalPolicy.Wire;

namespace Thoth.Interception.LocalPolicy;

/// <summary>
/// Evaluates a JSON policy outside a governed application: in a server, a test or a tool. It opens no hold and calls no approver.
/// Thread-safe.
/// </summary>
/// <remarks>
/// An application whose tools are governed calls
/// <see cref="Microsoft.Extensions.DependencyInjection.LocalPolicyBuilderExtensions.UseLocalPolicy(IThothBuilder, string, Action{LocalPolicyOptions})"/>
/// instead.
/// </remarks>
/// <example>
/// <code>
/// using var engine = PolicyEngine.Load(new LocalPolicyOptions { Path = "thoth.policy.json" });
/// PolicyVerdict verdict = engine.Evaluate(request);
/// Console.WriteLine($"{verdict.Decision} by {string.Join(", ", verdict.Decision.MatchedRuleIds)}");
/// </code>
/// </example>
public sealed class PolicyEngine : IDisposable
{
    private readonly PolicyStore _store;

    private PolicyEngine(PolicyStore store) => _store = store;

    /// <summary>Gets the policy in force. Evaluations after a reload use another one.</summary>
    public LoadedPolicy Policy => new(_store.Current);

    /// <summary>
    /// Gets why the newest version of the policy could not be loaded, so that an older one is still in force; <see langword="null"/>
    /// if the policy in force is the newest.
    /// </summary>
    public Exception? LastReloadError => _store.LastReloadError;

    /// <summary>Loads a policy and, if it is a file that <see cref="LocalPolicyOptions.ReloadOnChange"/> applies to, watches it.</summary>
    /// <param name="options">
    /// The policy, <see cref="LocalPolicyOptions.Path"/> or <see cref="LocalPolicyOptions.Json"/>, and how it is reloaded. Options of
    /// holds have no effect.
    /// </param>
    /// <param name="time">The clock by which the file is compared and reloaded. Default: <see cref="TimeProvider.System"/>.</param>
    /// <param name="logger">Logs each loaded and each refused version. Default: no log.</param>
    /// <returns>The engine. Dispose it to stop watching the file.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    /// <exception cref="PolicyLoadException">The policy cannot be read or is not valid.</exception>
    public static PolicyEngine Load(LocalPolicyOptions options, TimeProvider? time = null, ILogger<PolicyEngine>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        IValidateOptions<LocalPolicyOptions>[] validators = [new LocalPolicyOptionsRanges(), new LocalPolicyOptionsValidator()];
        if (Array.Find(Array.ConvertAll(validators, validator => validator.Validate(null, options)), static result => result.Failed) is { } failed)
        {
            throw new ArgumentException(failed.FailureMessage, nameof(options));
        }

        return new PolicyEngine(new PolicyStore(
            IPolicySource.Of(options), options, time ?? TimeProvider.System, logger ?? NullLogger<PolicyEngine>.Instance));
    }

    /// <summary>Evaluates the policy in force for one call.</summary>
    /// <param name="request">The call.</param>
    /// <returns>
    /// The verdict. Its decision names the rules that matched in <see cref="EnforcementDecision.MatchedRuleIds"/>; if no rule
    /// matches, it is <see cref="DecisionType.Block"/>.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is <see langword="null"/>.</exception>
    public PolicyVerdict Evaluate(EnforcementRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return PolicyEvaluator.Decide(_store.Current, request);
    }

    /// <summary>Evaluates the policy in force for a call that a server received, in the form in which its SDK sent the arguments.</summary>
    /// <param name="call">The call.</param>
    /// <returns>
    /// The verdict. Changed arguments have the form of the call's. The call is blocked with
    /// <see cref="LocalPolicyReasonCodes.ModifyNotApplicable"/> if the SDK would run it with the original ones.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="call"/> is <see langword="null"/>.</exception>
    /// <exception cref="FormatException">One argument comes by position and by name, so the request is malformed.</exception>
    /// <remarks>
    /// A server that counts permitted calls evaluates and counts in one step; otherwise parallel calls do not see each other. If the
    /// verdict did not ask for <see cref="RemoteCall.PermittedCalls"/>, it does not depend on them.
    /// </remarks>
    public PolicyVerdict Evaluate(RemoteCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var verdict = RemoteEvaluator.Decide(_store.Current, call, out var isMalformed);
        return isMalformed ? throw new FormatException("An argument comes by position and by name. Send each argument once.") : verdict;
    }

    /// <summary>
    /// Checks a held call again when its approval is about to release it, because other calls may have run since it was held.
    /// </summary>
    /// <param name="call">The held call, with the calls that are permitted by now.</param>
    /// <returns>
    /// The decision that refuses it if the calls that were permitted meanwhile exceed a <c>count</c>; else <see langword="null"/>. Other
    /// rules that changed since do not refuse it: a held call keeps its decision.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="call"/> is <see langword="null"/>.</exception>
    public EnforcementDecision? RefusalOfRelease(RemoteCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var policy = _store.Current;
        return HoldRelease.Refusal(call.PermittedCalls, permitted => RemoteEvaluator.Decide(
            policy, new RemoteCall(call.Request) { Sdk = call.Sdk, PermittedCalls = permitted }, out _));
    }

    /// <summary>Loads the policy again now. If it cannot be loaded, this is logged and the policy in force stays.</summary>
    public void Reload() => _store.Reload();

    /// <summary>Stops watching the file. The policy in force can still be evaluated.</summary>
    public void Dispose() => _store.Dispose();
}
