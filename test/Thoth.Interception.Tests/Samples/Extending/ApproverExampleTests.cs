using System.Text;
using Extending.Approvers;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Samples.Extending;

/// <summary>Tests the approver of docs/extending.md, as that page shows it, and behind a policy.</summary>
public class ApproverExampleTests
{
    private const string Policy = """{ "rules": [{ "id": "refund", "tools": "refund", "decision": "step_up" }] }""";

    [TestCase("""{ "order": "A-1001", "amount": 40 }""", true)]
    [TestCase("""{ "order": "A-1002", "amount": 900 }""", false)]
    public async Task DecideAsync_Amount_ApprovesSmallOnes(string arguments, bool isApproved)
    {
        var request = new EnforcementRequest
        {
            Context = new EnforcementContext { TenantId = "acme", AgentId = "agent", SessionId = "session", EnforcementTraceId = "trace" },
            ToolName = "refund",
            Arguments = Encoding.UTF8.GetBytes(arguments),
            SessionToolCalls = ["refund"],
            OccurredAt = DateTimeOffset.UnixEpoch,
        };
        var held = new EnforcementDecision { Type = DecisionType.StepUp, Reason = "Refunds need an approval." };
        var approval = new ApprovalRequest(request, held)
        {
            ArgumentsToRun = request.Arguments,
            HeldAt = request.OccurredAt,
            ExpiresAt = request.OccurredAt.AddMinutes(5),
        };

        var answer = await new SmallAmountApprover().DecideAsync(approval, CancellationToken.None);

        Assert.That(answer.IsApproved, Is.EqualTo(isApproved));
    }

    [Test]
    public async Task Policy_HoldsRefunds_SmallOneRunsAndLargeOneIsRejected()
    {
        await using var host = GovernedHost.Create(services => services.AddSingleton<IRefundTools>(new RefundTools()).AddThoth()
            .UseLocalPolicy(policy => policy.Json = Policy).UseApprover<SmallAmountApprover>().AddGovernedTools<IRefundTools>());
        var tools = host.Get<IRefundTools>();

        Assert.That(await tools.RefundAsync("A-1001", 40), Is.EqualTo("refunded 40"));
        var e = await Assert.ThrowsAsync<StepUpRejectedException>(() => tools.RefundAsync("A-1002", 900));
        Assert.That(e!.Reason, Is.EqualTo("Amounts above 500 are approved by a person."));
    }
}
