using System.Text.Json;
using System.Text.Json.Nodes;
using Thoth.Interception.Testing.Enforcer;
using Thoth.Interception.Testing.Recording;

namespace Thoth.Interception.Testing;

/// <summary>
/// Decides governed calls as a test says, and records them. Without a rule every call is allowed. Of the rules that fit a call, the one
/// that was added last decides. Thread-safe.
/// </summary>
/// <remarks>
/// Every method that takes a tool takes its exact name, or <see cref="AnyTool"/>. The assertions throw
/// <see cref="ThothAssertionException"/> with a list of what was recorded. The list masks sensitive arguments.
/// </remarks>
/// <example>
/// <code>
/// var enforcer = services.AddThothTesting();
/// enforcer.Block("refund", "Refunds above 100 are made in the office.", when: call => call.Argument&lt;decimal&gt;("amount") > 100);
/// </code>
/// </example>
public sealed partial class TestEnforcer : ISynchronousEnforcer, IResolvableHoldEnforcer
{
    /// <summary>The name that stands for every tool.</summary>
    public const string AnyTool = "*";

    private readonly CallLog _log = new();
    private readonly TestHolds _holds = new();
    private readonly Lock _lock = new();
    private volatile Rule[] _rules = [];

    internal TestEnforcer()
    {
    }

    /// <summary>Gets the governed calls so far, oldest first. A held call that is resumed is one call.</summary>
    public IReadOnlyList<RecordedCall> Calls => _log.Calls;

    /// <summary>Gets the events so far, oldest first. An event is here when the call that it is about returns or throws.</summary>
    public IReadOnlyList<BehavioralEvent> Events => _log.Events;

    /// <summary>Allows calls.</summary>
    /// <param name="tool">The tool. Default: all.</param>
    /// <param name="when">Selects calls. Default: all.</param>
    public void Allow(string tool = AnyTool, Func<RecordedCall, bool>? when = null) =>
        Add("Allow", tool, when, static _ => new() { Type = DecisionType.Allow });

    /// <summary>Blocks calls.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="reason">The reason, which the caller gets.</param>
    /// <param name="when">Selects calls. Default: all.</param>
    public void Block(string tool, string reason, Func<RecordedCall, bool>? when = null) =>
        Add("Block", tool, when, _ => new() { Type = DecisionType.Block, Reason = reason });

    /// <summary>
    /// Holds calls for an approval, which <see cref="ApproveAsync"/>, <see cref="DenyAsync"/> or <see cref="IThothHolds.ResolveAsync"/>
    /// gives.
    /// </summary>
    /// <param name="tool">The tool.</param>
    /// <param name="reason">The reason, which the approver and the caller get.</param>
    /// <param name="answer">The answer that each held call gets at once. Default: none; the call waits.</param>
    /// <param name="when">Selects calls. Default: all.</param>
    public void Hold(
        string tool, string reason = "The call needs an approval.", ApprovalAnswer? answer = null, Func<RecordedCall, bool>? when = null) =>
        Add("Hold", tool, when, call => new() { Type = DecisionType.StepUp, Reason = reason, HoldToken = _holds.Add(call, answer) });

    /// <summary>Changes the arguments of calls before their tools run.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="change">Changes the arguments of one call.</param>
    /// <param name="reason">The reason of the change.</param>
    /// <param name="when">Selects calls. Default: all.</param>
    /// <example><code>enforcer.Modify("refund", arguments => arguments["amount"] = 100);</code></example>
    public void Modify(
        string tool, Action<JsonObject> change, string reason = "The arguments were changed.", Func<RecordedCall, bool>? when = null)
    {
        ArgumentNullException.ThrowIfNull(change);
        Add("Modify", tool, when, call =>
        {
            var arguments = JsonObject.Create(call.Arguments)!;
            change(arguments);
            return new()
            {
                Type = DecisionType.Modify,
                ModificationReason = reason,
                ModifiedToolArgs = JsonSerializer.SerializeToElement(arguments),
            };
        });
    }

    /// <summary>Defers calls.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="reason">The reason, which the caller gets.</param>
    /// <param name="retryAfter">When the caller may try again. Default: the enforcer does not say.</param>
    /// <param name="when">Selects calls. Default: all.</param>
    public void Defer(string tool, string reason, TimeSpan? retryAfter = null, Func<RecordedCall, bool>? when = null) =>
        Add("Defer", tool, when, _ => new() { Type = DecisionType.Defer, Reason = reason, DeferReason = reason, DeferTimeout = retryAfter });

    /// <summary>
    /// Makes the enforcer unreachable for calls: they are refused with <see cref="EnforcerUnavailableException"/>, or run with
    /// <see cref="ThothOptions.FailOpen"/>.
    /// </summary>
    /// <param name="tool">The tool. Default: all.</param>
    /// <param name="when">Selects calls. Default: all.</param>
    public void Unreachable(string tool = AnyTool, Func<RecordedCall, bool>? when = null) =>
        Add("Unreachable", tool, when, static _ => throw new EnforcerUnavailableException(
            SdkReasonCodes.EnforcerUnreachable, "the test made the enforcer unreachable"));

    /// <summary>Decides calls in any way that an enforcer can.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="decide">Makes the decision about one call.</param>
    public void Decide(string tool, Func<RecordedCall, EnforcementDecision> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        Add("Decide", tool, null, decide);
    }

    /// <summary>Forgets all rules, recorded calls, events and held calls, for a service provider that several tests share.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _rules = [];
        }

        _log.Clear();
        _holds.Clear();
    }

    ValueTask<EnforcementDecision> IEnforcer.EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Evaluate(request));

    EnforcementDecision ISynchronousEnforcer.Evaluate(EnforcementRequest request, CancellationToken cancellationToken) => Evaluate(request);

    internal RecordingQueue CreateQueue() => new(_log);

    private EnforcementDecision Evaluate(EnforcementRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = _log.Find(request);
        return Array.FindLast(_rules, rule => rule.IsFor(call))?.DecideMet(call) ?? new() { Type = DecisionType.Allow };
    }

    private void Add(string verb, string tool, Func<RecordedCall, bool>? when, Func<RecordedCall, EnforcementDecision> decide)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tool);
        lock (_lock)
        {
            _rules = [.. _rules, new Rule($"{verb} '{tool}'", tool, when, decide)];
        }
    }
}
