using System.Threading.Channels;
using Thoth.Interception;

namespace Thoth.Conformance.Library;

/// <summary>Tells how calls ended. In observe mode that is known some time after the caller has its result.</summary>
internal sealed class VectorSink : IEventSink
{
    private readonly Channel<BehavioralEvent> _ends = Channel.CreateUnbounded<BehavioralEvent>();

    public ValueTask<BehavioralEvent> NextEndAsync() => _ends.Reader.ReadAsync();

    public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        foreach (var e in events)
        {
            if (e.Type is BehavioralEventType.ToolCallPost or BehavioralEventType.ToolCallBlock or BehavioralEventType.ToolCallHeld)
            {
                _ends.Writer.TryWrite(e);
            }
        }

        return ValueTask.CompletedTask;
    }
}
