
namespace Thoth.Enforcer.Diagnostics;

/// <summary>Log messages. They contain no arguments, keys, tokens or approvers' reasons.</summary>
internal static partial class EnforcerLog
{
    [LoggerMessage(1, LogLevel.Information, "A person decided the held call of tool {Tool}: {State}")]
    public static partial void HoldDecided(ILogger logger, string tool, string state);

    [LoggerMessage(2, LogLevel.Information, "Held a call of tool {Tool} for approval, for at most {Lifetime}")]
    public static partial void CallHeld(ILogger logger, string tool, TimeSpan lifetime);

    [LoggerMessage(3, LogLevel.Warning, "The held call of tool {Tool} expired without a decision")]
    public static partial void HoldExpired(ILogger logger, string tool);

    [LoggerMessage(4, LogLevel.Error, "Blocked a call of tool {Tool}: {MaxHolds} calls already wait for an approval. Decide them, or raise --max-holds")]
    public static partial void TooManyHolds(ILogger logger, string tool, int maxHolds);

    [LoggerMessage(5, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(ILogger logger, string method, string path, Exception exception);

    [LoggerMessage(6, LogLevel.Error, "Expiring holds failed; it is retried")]
    public static partial void ExpirationFailed(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "The server has no API keys: every program that can reach this server can send requests, all for one tenant")]
    public static partial void NoKeys(ILogger logger);

    [LoggerMessage(8, LogLevel.Warning, "Rules of the policy name actions, which SDKs do not send: those rules match no call that is sent without an action")]
    public static partial void ActionsDoNotTravel(ILogger logger);
}
