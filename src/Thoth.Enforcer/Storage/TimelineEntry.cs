namespace Thoth.Enforcer.Storage;

/// <summary>A decision, the answer to a held call, or an event of a session. One of the three is set.</summary>
internal sealed record TimelineEntry
{
    /// <summary>When it occurred: a decision and an answer by the server's clock, an event by its sender's.</summary>
    public required DateTimeOffset At { get; init; }

    public DecisionRow? Decision { get; init; }

    public AnswerRow? Answer { get; init; }

    public EventRow? Event { get; init; }
}
