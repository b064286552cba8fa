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

    /// <summary>Gets the newest event of each call of a session, by the model's id of the call.</summary>
    public IReadOnlyDictionary<string, DecidedCall> CallsOf(string session) =>
        _bySession.GetValueOrDefault(session, []).Where(static e => e.CallId is not null)
            .GroupBy(static e => e.CallId!, StringComparer.Ordinal)
            .ToDictionary(static call => call.Key, static call => new DecidedCall(call.Last()), StringComparer.Ordinal);
}
