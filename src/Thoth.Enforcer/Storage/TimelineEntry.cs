namespace Thoth.Enforcer.Storage;

/// <summary>One moment of a session: a decision or an event.</summary>
internal sealed record TimelineEntry(DateTimeOffset At, DecisionRow? Decision, EventRow? Event);
