namespace Thoth.Interception.Events.Outbox;

/// <summary>The values of <see cref="OutboxEntry.Phase"/>.</summary>
internal static class OutboxPhase
{
    public const string Session = "session";
    public const string Pre = "pre";
    public const string Decision = "decision";
    public const string Held = "held";
    public const string Resumed = "resumed";

    public static string Of(BehavioralEvent e) => (e.Type, e.Phase) switch
    {
        (BehavioralEventType.SessionStarted, _) => Session,
        (_, EventPhase.Pre) => Pre,
        (_, EventPhase.Post) => "post",
        (_, EventPhase.Block) => "block",
        (_, EventPhase.Error) => "error",
        (_, EventPhase.Held) => Held,
        (_, EventPhase.Resumed) => Resumed,
        _ => "cancelled",
    };
}
