namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Where in a call's life a record belongs, in words: an auditor reads them.</summary>
internal static class OutboxPhase
{
    public const string Session = "session";
    public const string Pre = "pre";

    /// <summary>What was decided, kept on disk until the outcome is known. It is evidence of its own, and never posted.</summary>
    public const string Decision = "decision";

    public const string Error = "error";

    public static bool IsPosted(string phase) => phase != Decision;

    /// <summary>After such a record the call still owes its outcome.</summary>
    public static bool Opens(string phase) => phase is Pre or Decision;

    public static string Of(BehavioralEvent e) => (e.Type, e.Phase) switch
    {
        (BehavioralEventType.SessionStarted, _) => Session,
        (_, EventPhase.Pre) => Pre,
        (_, EventPhase.Post) => "post",
        (_, EventPhase.Block) => "block",
        (_, EventPhase.Error) => Error,
        _ => "cancelled",
    };
}
