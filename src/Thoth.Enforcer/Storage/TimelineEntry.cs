namespace Thoth.Enforcer.Storage;

/// <summary>A decision or an event of a session.</summary>
internal sealed record TimelineEntry(DateTimeOffset At, DecisionRow? Decision, EventRow? Event);
