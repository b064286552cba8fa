using Microsoft.Extensions.Logging;

namespace Thoth.Interception.LocalPolicy;

/// <summary>Log messages. None holds an argument, a hold token or an approver's words.</summary>
internal static partial class PolicyLog
{
    [LoggerMessage(1, LogLevel.Information, "Loaded Thoth policy {Id} {Version} with {RuleCount} rules from {File}")]
    public static partial void Loaded(ILogger logger, string? id, string? version, int ruleCount, string file);

    [LoggerMessage(2, LogLevel.Warning, "The Thoth policy {File} has no rules: every call is blocked")]
    public static partial void NoRules(ILogger logger, string file);

    [LoggerMessage(3, LogLevel.Error, "Refused the changed Thoth policy {File}; the one loaded before stays in force")]
    public static partial void ReloadRefused(ILogger logger, string file, Exception exception);

    [LoggerMessage(4, LogLevel.Information, "Thoth holds tool {Tool} for approval, at most {Lifetime}")]
    public static partial void CallHeld(ILogger logger, string tool, TimeSpan lifetime);

    [LoggerMessage(5, LogLevel.Information, "The held call of tool {Tool} was {Outcome}")]
    public static partial void HoldDecided(ILogger logger, string tool, string outcome);

    [LoggerMessage(6, LogLevel.Warning, "Nobody decided about the held call of tool {Tool} in time")]
    public static partial void HoldExpired(ILogger logger, string tool);

    [LoggerMessage(7, LogLevel.Error, "The approver failed for tool {Tool}; the call stays held until its time is over")]
    public static partial void ApproverFailed(ILogger logger, string tool, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "A hold of another call was asked for by tool {Tool}; refused")]
    public static partial void HoldMismatch(ILogger logger, string tool);

    [LoggerMessage(9, LogLevel.Error, "Blocked tool {Tool}: {MaxHolds} calls wait for an approval already")]
    public static partial void TooManyHolds(ILogger logger, string tool, int maxHolds);
}
