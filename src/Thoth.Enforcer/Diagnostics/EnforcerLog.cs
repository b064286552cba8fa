
namespace Thoth.Enforcer.Diagnostics;

/// <summary>Log messages. They contain no arguments, keys, tokens or approvers' reasons.</summary>
internal static partial class EnforcerLog
{
    [LoggerMessage(1, LogLevel.Information, "A person decided the held call of tool {Tool}: {State}")]
    public static partial void HoldDecided(ILogger logger, LogText tool, string state);

    [LoggerMessage(2, LogLevel.Information, "Held a call of tool {Tool} for approval, for at most {Lifetime}")]
    public static partial void CallHeld(ILogger logger, LogText tool, TimeSpan lifetime);

    [LoggerMessage(3, LogLevel.Warning, "The held call of tool {Tool} expired without a decision")]
    public static partial void HoldExpired(ILogger logger, LogText tool);

    [LoggerMessage(4, LogLevel.Error, "Blocked a call of tool {Tool}: {MaxHolds} calls already wait for an approval. Decide them, or raise --max-holds")]
    public static partial void TooManyHolds(ILogger logger, LogText tool, int maxHolds);

    [LoggerMessage(5, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(ILogger logger, LogText method, LogText path, Exception exception);

    [LoggerMessage(6, LogLevel.Error, "Expiring holds failed; it is retried")]
    public static partial void ExpirationFailed(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "The server has no API keys: every program that can reach this server can send requests, all for one tenant")]
    public static partial void NoKeys(ILogger logger);

    [LoggerMessage(8, LogLevel.Warning, "Rules of the policy name actions, which SDKs do not send: those rules match no call that is sent without an action")]
    public static partial void ActionsDoNotTravel(ILogger logger);

    [LoggerMessage(9, LogLevel.Warning, "Refused a request with {Status} {Code}: {Endpoint}: {Message} Sender: {Sender}. {Others} others of this kind since the last warning")]
    public static partial void RequestRefused(ILogger logger, int status, string code, string endpoint, string message, string sender, long others);

    [LoggerMessage(10, LogLevel.Error, "Writing to the database failed: calls are refused until a write succeeds. Free disk space, or give the process access to the file")]
    public static partial void StorageFailed(ILogger logger, Exception exception);

    [LoggerMessage(11, LogLevel.Information, "Writing to the database succeeds again")]
    public static partial void StorageWorks(ILogger logger);

    [LoggerMessage(12, LogLevel.Information, "A person was shown the masked values of the held call {Hold} of tool {Tool}")]
    public static partial void ValuesRevealed(ILogger logger, string tool, string hold);
}
