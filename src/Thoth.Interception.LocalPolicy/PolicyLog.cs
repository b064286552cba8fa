using Microsoft.Extensions.Logging;

namespace Thoth.Interception.LocalPolicy;

/// <summary>Writes log messages. They never contain an argument, a hold token or an approver's reason.</summary>
internal static partial class PolicyLog
{
    [LoggerMessage(1, LogLevel.Information, "Loaded Thoth policy {Id} {Version} with {RuleCount} rules from {File}")]
    public static partial void Loaded(ILogger logger, string? id, string? version, int ruleCount, string file);

    [LoggerMessage(2, LogLevel.Warning, "The Thoth policy {File} has no rules, so every call is blocked. Add rules to it")]
    public static partial void NoRules(ILogger logger, string file);

    [LoggerMessage(3, LogLevel.Error, "The changed Thoth policy {File} cannot be loaded; the previous one stays in force. Correct the file")]
    public static partial void ReloadRefused(ILogger logger, string file, Exception exception);

    [LoggerMessage(4, LogLevel.Information, "Thoth holds tool {Tool} for approval, at most {Lifetime}")]
    public static partial void CallHeld(ILogger logger, string tool, TimeSpan lifetime);

    [LoggerMessage(5, LogLevel.Information, "The held call of tool {Tool} was {Outcome}")]
    public static partial void HoldDecided(ILogger logger, string tool, string outcome);

    [LoggerMessage(6, LogLevel.Warning, "The hold of tool {Tool} expired without a decision; the call is refused")]
    public static partial void HoldExpired(ILogger logger, string tool);

    [LoggerMessage(7, LogLevel.Error, "The approver failed for tool {Tool}; the call stays held until the hold expires")]
    public static partial void ApproverFailed(ILogger logger, string tool, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "A call of tool {Tool} used the hold token of another call and is refused")]
    public static partial void HoldMismatch(ILogger logger, string tool);

    [LoggerMessage(9, LogLevel.Error, "Blocked tool {Tool}: {MaxHolds} calls are held already. Raise LocalPolicyOptions.MaxHolds if this is expected")]
    public static partial void TooManyHolds(ILogger logger, string tool, int maxHolds);

    [LoggerMessage(10, LogLevel.Information, "The Thoth policy {File} can be read again")]
    public static partial void ReadableAgain(ILogger logger, string file);

    [LoggerMessage(11, LogLevel.Information, "The system does not watch the folder of the Thoth policy {File}, so the file is compared every {Interval}. Nothing needs to be done")]
    public static partial void ComparedOnly(ILogger logger, string file, TimeSpan interval, Exception exception);
}
