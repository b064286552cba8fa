using Thoth.Interception.Serialization;

namespace Thoth.Interception.Enforcement;

/// <summary>
/// Writes what a model reads in place of a result: what did not run, why, and what to do. The texts contain no argument; what a policy
/// or an approver says is on one line and is cut.
/// </summary>
internal static class ModelTexts
{
    private const int MaxNameLength = 100;
    private const int MaxReasonLength = 400;
    private const int MaxRulesLength = 200;

    public static string Refused(string toolName, EnforcementDecision decision)
    {
        var tool = Tool(toolName);
        return decision.Type == DecisionType.Defer ? Deferred(tool, decision) : decision.SdkReasonCode switch
        {
            null or SdkReasonCodes.ConflictingDecisions =>
                $"Not run: policy blocks {tool}.{Reason(decision.Reason)}{Rules(decision)} Do not try to get the same result in another way. Tell the user.",
            SdkReasonCodes.ToolArgsNotSerializable =>
                $"Not run: the arguments of {tool} cannot be used.{Reason(decision.Reason)} Correct them and call the tool again.",
            SdkReasonCodes.ToolArgsChanged =>
                $"Not run: the arguments of {tool} changed after they were approved. Call the tool again once.",
            SdkReasonCodes.StepUpTimeout =>
                $"Not run: no person approved {tool} in time. Do not call it again. Ask the user how to go on.",
            SdkReasonCodes.StepUpApprovalUsed =>
                $"Not run: the approval of {tool} was used by another call. Call it again only if the user wants it once more.",
            SdkReasonCodes.TooManyHeldCalls or SdkReasonCodes.TooManyWaitingThreads =>
                $"Not run: {tool} needs an approval, and too many calls wait for one. Do not call it again until the user says that some are decided.",
            SdkReasonCodes.SessionClosed or SdkReasonCodes.SessionRequired =>
                $"Not run: {tool} is not available, because the conversation is not open. Do not call a tool again. Tell the user.",
            SdkReasonCodes.ModifyNotApplicable =>
                $"Not run: policy changes the arguments of {tool} in a way that the tool cannot take. Do not call it again with these arguments. Tell the user.",
            _ => $"Not run: no decision could be made about {tool}. Do not call it again in this turn. Tell the user.",
        };
    }

    /// <summary>For a call that an approver denied.</summary>
    public static string Rejected(string toolName, EnforcementDecision decision) => decision.SdkReasonCode == SdkReasonCodes.StepUpTimeout
        ? Refused(toolName, decision)
        : $"Not run: a person did not approve {Tool(toolName)}.{Reason(decision.Reason)} Do not try again. Ask the user how to go on.";

    /// <summary>For a call that waits for an approval while its caller goes on.</summary>
    public static string Held(string toolName, string reason) =>
        $"Not run yet: {Tool(toolName)} waits for a person's approval.{Reason(reason)} Do not call it again. Tell the user that it is pending.";

    private static string Deferred(string tool, EnforcementDecision decision)
    {
        var reason = Reason(string.IsNullOrWhiteSpace(decision.DeferReason) ? decision.Reason : decision.DeferReason);
        return decision.DeferTimeout is { } timeout && timeout > TimeSpan.Zero
            ? $"Not run: {tool} is deferred.{reason} You may call it again in {Seconds(timeout.ToWholeSeconds())}."
            : $"Not run: {tool} is deferred.{reason} You may call it again later, not in this turn.";
    }

    private static string Seconds(long count) => count == 1 ? "1 second" : $"{count} seconds";

    private static string Tool(string name) => name.Length == 0 ? "the tool" : $"the tool '{Cut(name, MaxNameLength)}'";

    private static string Rules(EnforcementDecision decision) => Sentence("Rule", string.Join(", ", decision.MatchedRuleIds), MaxRulesLength);

    private static string Reason(string? reason) => Sentence("Reason", reason, MaxReasonLength);

    private static string Sentence(string label, string? text, int length)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "";
        }

        var cut = Cut(text.Trim(), length);
        return cut[^1] is '.' or '!' or '?' or '…' ? $" {label}: {cut}" : $" {label}: {cut}.";
    }

    private static string Cut(string text, int length)
    {
        var safe = SafeText.Of(text);
        if (safe.Length <= length)
        {
            return safe;
        }

        var end = char.IsHighSurrogate(safe[length - 2]) ? length - 2 : length - 1;
        return $"{safe.AsSpan(0, end)}…";
    }
}
