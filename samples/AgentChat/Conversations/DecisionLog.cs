using System.Collections.Concurrent;
using Thoth.Interception;

namespace AgentChat.Conversations;

/// <summary>Keeps the events of each session for the transcripts.</summary>
internal sealed class DecisionLog : IEventSink
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<BehavioralEvent>> _bySession = new();

    public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        foreach (var e in events)
        {
            _bySession.GetOrAdd(e.Request.Context.SessionId, static _ => new()).Enqueue(e);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Gets the decided calls of a session, in the order in which they were made.</summary>
    public IReadOnlyList<DecidedCall> CallsOf(string session) =>
        [.. _bySession.GetValueOrDefault(session, []).Where(static e => e.Type != BehavioralEventType.SessionStarted)
            .GroupBy(static e => e.Request.ActionAttestationId).Select(static call => new DecidedCall(call.First().ToolName, call.Last()))];
}
