
namespace Thoth.Enforcer.Diagnostics;

/// <summary>Log messages. None holds an argument, a key, a token or an approver's words.</summary>
internal static partial class EnforcerLog
{
    [LoggerMessage(1, LogLevel.Information, "A person decided about the held call of tool {Tool}: {State}")]
    public static partial void HoldDecided(ILogger logger, string tool, string state);

    [LoggerMessage(2, LogLevel.Information, "Thoth holds tool {Tool} for approval, at most {Lifetime}")]
    public static partial void CallHeld(ILogger logger, string tool, TimeSpan lifetime);

    [LoggerMessage(3, LogLevel.Warning, "Nobody decided about the held call of tool {Tool} in time")]
    public static partial void HoldExpired(ILogger logger, string tool);

    [LoggerMessage(4, LogLevel.Error, "Blocked tool {Tool}: {MaxHolds} calls wait for an approval already")]
    public static partial void TooManyHolds(ILogger logger, string tool, int maxHolds);

    [LoggerMessage(5, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(ILogger logger, string method, string path, Exception exception);

    [LoggerMessage(6, LogLevel.Error, "Looking after the holds failed; it is tried again")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "There are no API keys: whoever can reach this server may ask about calls, all of one tenant")]
    public static partial void NoKeys(ILogger logger);

    [LoggerMessage(8, LogLevel.Warning, "Rules of the policy name actions, which do not travel to a server: they match calls without an action only where they name none")]
    public static partial void ActionsDoNotTravel(ILogger logger);
}
