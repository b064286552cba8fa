using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Thoth.Interception.LocalPolicy.Policy;
using Thoth.Interception.LocalPolicy.Reload;

namespace Thoth.Interception.LocalPolicy;

/// <summary>
/// Evaluates a JSON policy outside a governed application: in a server, a test or a tool. It opens no hold and calls no approver.
/// Thread-safe.
/// </summary>
/// <remarks>
/// An application whose tools are governed calls
/// <see cref="Microsoft.Extensions.DependencyInjection.LocalPolicyBuilderExtensions.UseLocalPolicy"/> instead.
/// </remarks>
/// <example>
/// <code>
/// using var engine = PolicyEngine.Load("thoth.policy.json");
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

    /// <summary>Loads a policy file and, unless the options say otherwise, loads it again when it changes.</summary>
    /// <param name="path">
    /// The policy file. A relative path is looked up in <see cref="AppContext.BaseDirectory"/> first, then in the current directory.
    /// </param>
    /// <param name="options">
    /// <see cref="LocalPolicyOptions.ReloadOnChange"/> and <see cref="LocalPolicyOptions.ReloadDelay"/> apply. Default: the options'
    /// own defaults.
    /// </param>
    /// <param name="time">The clock of the delay. Default: <see cref="TimeProvider.System"/>.</param>
    /// <param name="logger">Logs each loaded and each refused version. Default: no log.</param>
    /// <returns>The engine. Dispose it to stop watching the file.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is blank.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="PolicyLoadException">The file is missing or has mistakes.</exception>
    public static PolicyEngine Load(
        string path, LocalPolicyOptions? options = null, TimeProvider? time = null, ILogger<PolicyEngine>? logger = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new LocalPolicyOptions();
        options.Validate();
        return new PolicyEngine(new PolicyStore(
            new PolicyFile(path), options, time ?? TimeProvider.System, logger ?? NullLogger<PolicyEngine>.Instance));
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

    /// <summary>Loads the file again now. If it cannot be loaded, this is logged and the policy in force stays.</summary>
    public void Reload() => _store.Reload();

    /// <summary>Stops watching the file. The policy in force can still be evaluated.</summary>
    public void Dispose() => _store.Dispose();
}
