using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

namespace QuickStart.Snippets;

/// <summary>README: an approver of held calls.</summary>
internal static class ApproverSnippet
{
    public static void Use(IServiceCollection services)
    {
        // snippet: use-approver
        services.AddThoth().UseLocalPolicy("thoth.policy.json").UseApprover<TerminalApprover>();
        // end-snippet
    }
}

// snippet: approver
internal sealed class TerminalApprover : IApprover
{
    // Called once for each held call, when it is held. The tool runs only if the answer is yes.
    public async ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        await Console.Out.WriteLineAsync($"{request.ToolName} is held: {request.Reason} Run it? (y/n)");
        var answer = await Console.In.ReadLineAsync(cancellationToken);
        return answer == "y" ? ApprovalAnswer.Approve("ada") : ApprovalAnswer.Deny("ada", "Ada said no.");
    }
}
// end-snippet
