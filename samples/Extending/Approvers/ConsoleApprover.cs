using System.Text;
using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

namespace Extending.Approvers;

/// <summary>docs/policy.md: an approver at the console.</summary>
public sealed class ConsoleApprover : IApprover
{
    public async ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{request.ToolName}: {request.Reason}");
        Console.WriteLine(Encoding.UTF8.GetString(request.ArgumentsToRun.Span));   // the complete arguments of the run
        var line = await Console.In.ReadLineAsync(cancellationToken);
        return line == "y" ? ApprovalAnswer.Approve("console") : ApprovalAnswer.Deny("console", "Not today.");
    }
}
