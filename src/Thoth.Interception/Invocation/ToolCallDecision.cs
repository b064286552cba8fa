using System.Collections.ObjectModel;
using Thoth.Interception.Invocation;

namespace Thoth.Interception;

/// <summary>
/// Represents the decision about one call. If <see cref="MayRun"/> is set, run it with <see cref="RunAsync"/> or dispose it: a decision
/// that is dropped without a run is recorded as cancelled. Thread-safe.
/// </summary>
/// <example>
/// <code>
/// using var decision = await governor.DecideAsync(new ToolDescriptor(call.Name), call.Arguments, new() { CallId = call.Id });
/// var text = decision.MayRun
///     ? await decision.RunAsync((arguments, token) => RunToolAsync(call.Name, arguments, token), cancellationToken)
///     : decision.ModelText;
/// </code>
/// </example>
public sealed class ToolCallDecision : IDisposable
{
    private readonly DecidedCall? _call;

    internal ToolCallDecision(DecidedCall call)
    {
        _call = call;
        Arguments = call.Arguments();
    }

    internal ToolCallDecision(ThothException refusal)
    {
        Refusal = refusal;
        Arguments = ReadOnlyDictionary<string, object?>.Empty;
    }

    /// <summary>Gets whether the call may run now.</summary>
    public bool MayRun => _call is not null;

    /// <summary>
    /// Gets the arguments to run with, by name: those that were approved, or those of a MODIFY decision. The values are of the parameters'
    /// types if a governed interface has the tool; otherwise they are <see cref="System.Text.Json.JsonElement"/>s, and JSON's
    /// <c>null</c> is <see langword="null"/>. Empty if the call may not run.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Arguments { get; }

    /// <summary>
    /// Gets the decision, with its type, rules and reasons: the one that the call runs by, or the one of the <see cref="Refusal"/>. It is
    /// <see langword="null"/> in observe mode.
    /// </summary>
    public EnforcementDecision? Decision => _call is not null ? _call.Decision : Refusal switch
    {
        PolicyViolationException refused => refused.Decision,
        StepUpRequiredException held => held.Decision,
        _ => null,
    };

    /// <summary>Gets the held call if a person must approve it; <see langword="null"/> otherwise. Resume it with <see cref="ToolCallOptions.Held"/>.</summary>
    public HeldCall? Held => (Refusal as StepUpRequiredException)?.HeldCall;

    /// <summary>
    /// Gets the exception that a call through a governed interface would throw: a <see cref="StepUpRequiredException"/> for a held call;
    /// <see langword="null"/> if the call may run.
    /// </summary>
    public ThothException? Refusal { get; }

    /// <summary>
    /// Gets what a model may read in place of the tool's result: what did not run, why, and what to do. At most 1,000 characters, without
    /// an argument value; empty if the call may run.
    /// </summary>
    public string ModelText => Refusal switch
    {
        PolicyViolationException refused => refused.ModelText,
        StepUpRequiredException held => held.ModelText,
        _ => "",
    };

    /// <summary>Runs the tool and records how it ended. Its result and its exceptions are not changed.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="tool">
    /// The tool, which gets <see cref="Arguments"/> and the token. If it calls the method of the governed interface that was decided, with
    /// these arguments, that call is not decided again. Every other governed call in it is. A sequence is covered for one
    /// enumeration while the tool runs.
    /// </param>
    /// <param name="cancellationToken">Cancels the tool.</param>
    /// <returns>The tool's result.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tool"/> is <see langword="null"/>.</exception>
    /// <exception cref="ThothException">The call may not run (<see cref="Refusal"/>), its arguments changed, or its session was closed since.</exception>
    /// <exception cref="InvalidOperationException">The call was run before: a decision is for one run.</exception>
    /// <exception cref="ObjectDisposedException">The decision was disposed.</exception>
    public Task<T> RunAsync<T>(
        Func<IReadOnlyDictionary<string, object?>, CancellationToken, Task<T>> tool, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return _call is null ? Task.FromException<T>(Refusal!) : _call.Start(tool, Arguments, cancellationToken);
    }

    /// <summary>Drops the decision: a call that may run and was not run is recorded as cancelled. Otherwise does nothing.</summary>
    public void Dispose() => _call?.Dispose();
}
