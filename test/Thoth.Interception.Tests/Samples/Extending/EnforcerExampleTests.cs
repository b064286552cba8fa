using System.Net;
using Extending.Enforcers;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Samples.Extending;

/// <summary>Runs the enforcers of docs/extending.md.</summary>
public class EnforcerExampleTests
{
    [Test]
    public async Task PolicyService_Allows_Runs()
    {
        var service = new StubHandler(() => new HttpResponseMessage { Content = new StringContent("true") });
        await using var host = Host(new PolicyServiceEnforcer(service.Client()));

        Assert.That(await host.Get<IRefundTools>().RefundAsync("A-1001", 40), Is.EqualTo("refunded 40"));
        Assert.That(service.Received.Single().Body, Is.EqualTo("""{"tool":"refund","user":"system"}"""));
    }

    [TestCase(true, TestName = "PolicyService_Overloaded_RunsWithFailOpen")]
    [TestCase(false, TestName = "PolicyService_Overloaded_IsUnavailableWithoutFailOpen")]
    public async Task PolicyService_Overloaded(bool failOpen)
    {
        var service = new StubHandler(() => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        await using var host = Host(new PolicyServiceEnforcer(service.Client()), options => options.FailOpen = failOpen);
        var tools = host.Get<IRefundTools>();

        if (failOpen)
        {
            Assert.That(await tools.RefundAsync("A-1001", 40), Is.EqualTo("refunded 40"));
        }
        else
        {
            var e = await Assert.ThrowsAsync<EnforcerUnavailableException>(() => tools.RefundAsync("A-1001", 40));
            Assert.That((e!.ToolName, e.SdkReasonCode, e.StatusCode), Is.EqualTo(("refund", SdkReasonCodes.EnforcerHttpError, 503)));
        }
    }

    [Test]
    public async Task PolicyService_Unreachable_IsUnavailable()
    {
        await using var host = Host(new PolicyServiceEnforcer(new StubHandler(() => throw new HttpRequestException("refused")).Client()));

        var e = await Assert.ThrowsAsync<EnforcerUnavailableException>(() => host.Get<IRefundTools>().RefundAsync("A-1001", 40));
        Assert.That(e!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.EnforcerUnreachable));
    }

    [Test]
    public async Task PolicyService_Late_IsUnavailable()
    {
        await using var host = Host(new PolicyServiceEnforcer(new StubHandler(() => throw new TaskCanceledException()).Client()));

        var e = await Assert.ThrowsAsync<EnforcerUnavailableException>(() => host.Get<IRefundTools>().RefundAsync("A-1001", 40));
        Assert.That(e!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.EnforcerTimeout));
    }

    [Test]
    public async Task PolicyService_Forbids_BlocksWithFailOpenToo()
    {
        var service = new StubHandler(() => new HttpResponseMessage(HttpStatusCode.Forbidden));
        await using var host = Host(new PolicyServiceEnforcer(service.Client()), options => options.FailOpen = true);

        var e = await Assert.ThrowsAsync<PolicyViolationException>(() => host.Get<IRefundTools>().RefundAsync("A-1001", 40));
        Assert.That(e!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.EnforcerInvalidResponse));
    }

    [Test]
    public async Task ReadOnly_Call_ReadsAndBlocksTheRest()
    {
        await using var host = Host(new ReadOnlyEnforcer());
        var tools = host.Get<IRefundTools>();

        Assert.That(tools.FindOrder("A-1001"), Is.EqualTo("order A-1001"));
        await Assert.ThrowsAsync<PolicyViolationException>(() => tools.RefundAsync("A-1001", 40));
    }

    [Test]
    public async Task Ticket_Approved_Runs()
    {
        await using var host = Host(new TicketEnforcer(Tickets(TicketState.Approved)));

        Assert.That(await host.Get<IRefundTools>().RefundAsync("A-1001", 40), Is.EqualTo("refunded 40"));
    }

    [Test]
    public async Task Ticket_Denied_IsRejected()
    {
        await using var host = Host(new TicketEnforcer(Tickets(TicketState.Denied)));

        var e = await Assert.ThrowsAsync<StepUpRejectedException>(() => host.Get<IRefundTools>().RefundAsync("A-1001", 40));
        Assert.That(e!.Reason, Is.EqualTo("The ticket was denied."));
    }

    [Test]
    public async Task Ticket_OpenOrUnknown_IsPendingOrNotFound()
    {
        var open = await new TicketEnforcer(Tickets(TicketState.Open)).GetHoldAsync("key", Request(), CancellationToken.None);
        var unknown = await new TicketEnforcer(Tickets(null)).GetHoldAsync("key", Request(), CancellationToken.None);

        Assert.That((open.IsPending, open.RetryAfter), Is.EqualTo((true, TimeSpan.FromSeconds(30))));
        Assert.That(unknown.IsNotFound, Is.True);
    }

    [Test]
    public async Task Ticket_InObserveMode_OpensNone()
    {
        var tickets = Tickets(TicketState.Open);

        var decision = await new TicketEnforcer(tickets).EvaluateAsync(Request(EnforcementMode.Observe), CancellationToken.None);

        Assert.That((decision.Type, decision.HoldToken), Is.EqualTo((DecisionType.StepUp, (string?)null)));
        Assert.That(tickets.ReceivedCalls(), Is.Empty);
    }

    [Test]
    public async Task Explained_Block_HasAnExplanation()
    {
        await using var host = Host(new ExplainedEnforcer(new ReadOnlyEnforcer()), options => options.Explain = true);

        var e = await Assert.ThrowsAsync<PolicyViolationException>(() => host.Get<IRefundTools>().RefundAsync("A-1001", 40));
        Assert.That(e!.Explanation?.WhyItWasBlocked, Is.EqualTo("Only reading is allowed."));
    }

    private static GovernedHost Host(IEnforcer enforcer, Action<ThothOptions>? configure = null) => GovernedHost.Create(
        services => services.AddSingleton<IRefundTools>(new RefundTools()).AddThoth().UseEnforcer(enforcer).AddGovernedTools<IRefundTools>(),
        configure);

    private static ITickets Tickets(TicketState? state)
    {
        var tickets = Substitute.For<ITickets>();
        tickets.OpenAsync("refund", Arg.Any<ReadOnlyMemory<byte>>(), Arg.Any<CancellationToken>()).Returns("key");
        tickets.FindAsync("key", Arg.Any<CancellationToken>()).Returns(state);
        return tickets;
    }

    private static EnforcementRequest Request(EnforcementMode mode = EnforcementMode.Block) => new()
    {
        Context = new EnforcementContext
        {
            TenantId = "acme",
            AgentId = "agent",
            SessionId = "session",
            EnforcementTraceId = "trace",
            Mode = mode,
        },
        ToolName = "refund",
        SessionToolCalls = ["refund"],
        OccurredAt = DateTimeOffset.UnixEpoch,
    };
}
