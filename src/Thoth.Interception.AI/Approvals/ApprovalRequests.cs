using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Approvals;

/// <summary>
/// Makes approval requests of held calls, and reads the held call's id from the answer. The id is in the request's id, so that the answer
/// can come to another process; it grants nothing.
/// </summary>
internal static class ApprovalRequests
{
    private const string Prefix = "thoth_";
    private const int RandomLength = 8;
    private const string ToolKey = "thoth.tool";
    private const string ReasonKey = "thoth.reason";
    private const int MaxReasonLength = 400;

    public static ToolApprovalRequestContent Make(HeldFunctionCall held) => new(
        // The random part makes each request's id new, also if a held call is surfaced again.
        $"{Prefix}{Guid.NewGuid().ToString("N")[..RandomLength]}_{held.Held.Id}",
        new FunctionCallContent(held.Call.CallId, held.Call.Name, held.Call.Arguments)
        {
            AdditionalProperties = held.Call.AdditionalProperties,
            Annotations = held.Call.Annotations,
            RawRepresentation = held.Call.RawRepresentation,
        })
    {
        AdditionalProperties = new()
        {
            [ToolKey] = held.Held.ToolName,
            [ReasonKey] = held.Held.Reason,
        },
    };

    /// <summary>Gets what the model reads of a call whose request has no answer yet. The reason may come from JSON.</summary>
    public static string PendingText(string tool, ToolApprovalRequestContent request)
    {
        var reason = request.AdditionalProperties?.GetValueOrDefault(ReasonKey)?.ToString()?.Trim();
        var sentence = string.IsNullOrEmpty(reason) || reason.Length > MaxReasonLength || reason.Any(char.IsControl) ? ""
            : reason[^1] is '.' or '!' or '?' or '…' ? $" Reason: {reason}" : $" Reason: {reason}.";
        return $"Not run yet: the tool '{tool}' waits for a person's approval.{sentence} Do not call it again. Tell the user that it is pending.";
    }

    /// <summary>Gets the id of the held call that a request is for; <see langword="null"/> if the request is not of this package.</summary>
    public static string? HeldIdOf(string requestId) =>
        requestId.StartsWith(Prefix, StringComparison.Ordinal) && requestId.Length > Prefix.Length + RandomLength + 1
            ? requestId[(Prefix.Length + RandomLength + 1)..]
            : null;
}
