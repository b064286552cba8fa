using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Approvals;

/// <summary>
/// Decides calls that the provider runs itself, of tools of an MCP server: once the host has approved one, and before the provider learns
/// it. A refusal becomes the host's denial, with its text as the reason.
/// </summary>
internal sealed class HostedCalls(IToolGovernor governor)
{
    public async ValueTask<ToolApprovalResponseContent> DecideAsync(ToolApprovalResponseContent response, ThothSession session, CancellationToken cancellationToken)
    {
        var call = (McpServerToolCallContent)response.ToolCall;
        if (!response.Approved)
        {
            return response;
        }

        var given = call.Arguments is null ? [] : new Dictionary<string, object?>(call.Arguments, StringComparer.Ordinal);
        using var decision = await governor.DecideAsync(
            new ToolDescriptor(call.Name), given, new ToolCallOptions { CallId = call.CallId, Session = session }, cancellationToken).ConfigureAwait(false);
        if (!decision.MayRun)
        {
            return Denied(response, decision.ModelText);
        }

        if (IsChanged(given, decision.Arguments))
        {
            // The provider runs the call as the model made it.
            return Denied(response, $"Not run: policy changes the arguments of the tool '{call.Name}', and the provider cannot. Do not call it again with these arguments.");
        }

        try
        {
            // From here on the provider runs it.
            return await decision.RunAsync((_, _) => Task.FromResult(response), cancellationToken).ConfigureAwait(false);
        }
        catch (PolicyViolationException refusal)
        {
            return Denied(response, refusal.ModelText);
        }
    }

    private static bool IsChanged(Dictionary<string, object?> given, IReadOnlyDictionary<string, object?> approved) =>
        given.Count != approved.Count || !given.All(argument => approved.TryGetValue(argument.Key, out var value) && JsonText.AreEqual(argument.Value, value));

    public static ToolApprovalResponseContent Denied(ToolApprovalResponseContent response, string reason) =>
        new(response.RequestId, approved: false, response.ToolCall) { Reason = reason, AdditionalProperties = response.AdditionalProperties };
}
