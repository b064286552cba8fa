namespace Thoth.Interception.Testing.Recording;

/// <summary>Records the events of governed calls, and which events belong to one call.</summary>
internal sealed class CallLog
{
    private readonly Lock _lock = new();
    private readonly List<BehavioralEvent> _events = [];
    private readonly List<RecordedCall> _calls = [];
    private readonly Dictionary<string, RecordedCall> _byId = new(StringComparer.Ordinal);

    public IReadOnlyList<BehavioralEvent> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    public IReadOnlyList<RecordedCall> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    public void Add(BehavioralEvent behavioralEvent)
    {
        lock (_lock)
        {
            _events.Add(behavioralEvent);
            if (behavioralEvent.Type == BehavioralEventType.SessionStarted)
            {
                return;
            }

            var id = behavioralEvent.Request.ActionAttestationId;
            if (behavioralEvent.Type == BehavioralEventType.ToolCallPre)
            {
                var added = new RecordedCall(behavioralEvent.Request, behavioralEvent.CapturedArguments);
                _calls.Add(added);
                _byId[id] = added;
            }

            // A held call has one id for all attempts. After a reset the call may be unknown.
            _byId.GetValueOrDefault(id)?.Add(behavioralEvent);
        }
    }

    /// <summary>Gets the call that a request is about.</summary>
    public RecordedCall Find(EnforcementRequest request)
    {
        lock (_lock)
        {
            return _byId.GetValueOrDefault(request.ActionAttestationId) ?? new RecordedCall(request);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _events.Clear();
            _calls.Clear();
            _byId.Clear();
        }
    }
}
