using System.Text;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Holds;

public class ApprovalRequestTests
{
    [TestCase(100, true)]
    [TestCase(101, false)]
    public async Task Request_MadeByATest_IsWhatAnApproverDecidesBy(int amount, bool approved)
    {
        var arguments = Encoding.UTF8.GetBytes($$"""{"amount":{{amount}}}""");
        var request = new ApprovalRequest(
            PolicyCalls.Call(), new EnforcementDecision { Type = DecisionType.StepUp, Reason = "big", DecisionReasonCode = "big_refund", MatchedRuleIds = ["r"], Evidence = new() { RiskScore = 0.5 } })
        {
            ArgumentsToRun = arguments,
            HeldAt = DateTimeOffset.UnixEpoch,
            ExpiresAt = DateTimeOffset.UnixEpoch.AddHours(1),
        };

        var answer = await new SmallAmounts().DecideAsync(request, CancellationToken.None);

        Assert.That(answer, Is.EqualTo(approved ? ApprovalAnswer.Approve("bot", "big") : ApprovalAnswer.Deny("bot", "big")));
        Assert.That(
            (request.ReasonCode, request.RiskScore, request.MatchedRuleIds.Single(), request.ToolName),
            Is.EqualTo(("big_refund", 0.5, "r", PolicyCalls.Call().ToolName)));
    }

    [Test]
    public void Request_Null_Throws()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => new ApprovalRequest(null!, new EnforcementDecision { Type = DecisionType.StepUp }) { ArgumentsToRun = default, HeldAt = default, ExpiresAt = default },
                Throws.ArgumentNullException);
            Assert.That(
                () => new ApprovalRequest(PolicyCalls.Call(), null!) { ArgumentsToRun = default, HeldAt = default, ExpiresAt = default },
                Throws.ArgumentNullException);
        }
    }

    /// <summary>An approver as a user writes one.</summary>
    private sealed class SmallAmounts : IApprover
    {
        public ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken)
        {
            using var arguments = System.Text.Json.JsonDocument.Parse(request.ArgumentsToRun);
            return new(arguments.RootElement.GetProperty("amount").GetInt32() <= 100
                ? ApprovalAnswer.Approve("bot", request.Reason)
                : ApprovalAnswer.Deny("bot", request.Reason));
        }
    }
}
