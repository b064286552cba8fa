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
            ["thoth.tool"] = held.Held.ToolName,
            ["thoth.reason"] = held.Held.Reason,
        },
    };

    /// <summary>Gets what the model reads of a call whose request has no answer yet.</summary>
    public static string PendingText(string tool) =>
        $"Not run yet: the tool '{tool}' waits for a person's approval. Do not call it again. Tell the user that it is pending.";

    /// <summary>Gets the id of the held call that a request is for; <see langword="null"/> if the request is not of this package.</summary>
    public static string? HeldIdOf(string requestId) =>
        requestId.StartsWith(Prefix, StringComparison.Ordinal) && requestId.Length > Prefix.Length + RandomLength + 1
            ? requestId[(Prefix.Length + RandomLength + 1)..]
            : null;
}
