namespace Thoth.Interception;

/// <summary>Receives batches of behavioural events.</summary>
/// <example>
/// A sink that writes one line for each event, added with <c>AddThoth().AddEventSink(new ConsoleEventSink())</c>:
/// <code>
/// public sealed class ConsoleEventSink : IEventSink
/// {
///     public async ValueTask SendAsync(IReadOnlyList&lt;BehavioralEvent&gt; events, CancellationToken cancellationToken)
///     {
///         foreach (var e in events)
///         {
///             await Console.Out.WriteLineAsync($"{e.OccurredAt:O} {e.ToolName} {e.Phase}");
///         }
///     }
/// }
/// </code>
/// </example>
public interface IEventSink
{
    /// <summary>Accepts one batch. Returning means that every event of it is accepted; an exception means that none is.</summary>
    /// <param name="events">1 to <see cref="EventOptions.BatchSize"/> events, oldest first. Valid during the call only.</param>
    /// <param name="cancellationToken">Cancelled when <see cref="EventOptions.DrainTimeout"/> is over.</param>
    /// <returns>A task that completes when the batch is accepted.</returns>
    /// <exception cref="Exception">The batch is not accepted. Its events are counted as dropped; the library does not send them again.</exception>
    ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken);
}
