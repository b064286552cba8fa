using System.Text.Json;
using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

namespace Extending.Approvers;

internal sealed class SmallAmountApprover : IApprover
{
    public ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        // The arguments that the tool will run with: modify rules may have changed those of the call.
        using var arguments = JsonDocument.Parse(request.ArgumentsToRun);
        var isSmall = arguments.RootElement.TryGetProperty("amount", out var amount) && amount.GetDecimal() <= 500;
        return ValueTask.FromResult(isSmall
            ? ApprovalAnswer.Approve("small-amounts")
            : ApprovalAnswer.Deny("small-amounts", "Amounts above 500 are approved by a person."));
    }
}
