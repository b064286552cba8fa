namespace Thoth.Interception;

/// <summary>
/// Decides about tool calls. Implement it to decide in another way than the enforcer behind <see cref="ThothOptions.ApiUrl"/>,
/// and register it with <c>UseEnforcer</c>.
/// </summary>
/// <remarks>
/// <para>
/// An enforcer is called exactly once per tool call, from many threads at the same time, and keeps its own time limit.
/// </para>
/// <para>
/// An exception blocks the call. With <see cref="ThothOptions.FailOpen"/> the call runs if the exception is an
/// <see cref="EnforcerUnavailableException"/>, and only then.
/// </para>
/// <para>
/// Four more interfaces add to it, in any combination: <see cref="ISynchronousEnforcer"/> decides without asynchronous code,
/// <see cref="IHoldEnforcer"/> resolves calls that it answered with <see cref="DecisionType.StepUp"/>,
/// <see cref="IExplainingEnforcer"/> explains refusals, and <see cref="ICountingEnforcer"/> learns of permitted calls that do not
/// run. The registered object is tested for them once, when the first governed
/// service is resolved; an enforcer that wraps another one must implement those that it passes on.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// internal sealed class ReadOnlyEnforcer : IEnforcer
/// {
///     public ValueTask&lt;EnforcementDecision&gt; EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken) =>
///         ValueTask.FromResult(request.Action == ToolAction.Read
///             ? new EnforcementDecision { Type = DecisionType.Allow }
///             : new EnforcementDecision { Type = DecisionType.Block, DecisionReasonCode = "read_only", Reason = "Only reading is allowed." });
/// }
///
/// services.AddThoth().UseEnforcer&lt;ReadOnlyEnforcer&gt;();
/// </code>
/// </example>
public interface IEnforcer
{
    /// <summary>Decides about one call.</summary>
    /// <param name="request">The request to evaluate.</param>
    /// <param name="cancellationToken">
    /// The token of the call if the tool takes one. In observe mode it is another token, which is cancelled after 5 seconds.
    /// </param>
    /// <returns>The decision. <see langword="null"/> blocks the call.</returns>
    /// <exception cref="EnforcerUnavailableException">The enforcer cannot be reached or is overloaded.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken);
}
