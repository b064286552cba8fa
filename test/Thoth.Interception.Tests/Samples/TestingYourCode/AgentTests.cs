using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Testing;

namespace Thoth.Interception.Tests.Samples.TestingYourCode;

/// <summary>docs/testing-your-code.md and the page of the package: services that are tested without a web application.</summary>
public class AgentTests
{
    [Test]
    public async Task Agent_WhoseRefundIsBlocked_Apologizes()
    {
        var services = new ServiceCollection();
        services.AddScoped<IRefundTools, RefundTools>().AddGovernedTools<IRefundTools>();
        services.AddScoped<RefundAgent>();
        var enforcer = services.AddThothTesting();
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();

        enforcer.Block("refund", "Too much.", when: call => call.Argument<decimal>("amount") > 100);
        var answer = await scope.ServiceProvider.GetRequiredService<RefundAgent>().RunAsync("A-1", 250);

        Assert.That(answer, Is.EqualTo("I cannot refund order A-1: Too much."));
        enforcer.AssertRefused("refund", call => call.Argument<string>("order") == "A-1");
    }

    [Test]
    public async Task Rules_OfEachKind_Decide()
    {
        var services = new ServiceCollection();
        services.AddScoped<IRefundTools, RefundTools>().AddGovernedTools<IRefundTools>();
        var enforcer = services.AddThothTesting();
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();
        var tools = scope.ServiceProvider.GetRequiredService<IRefundTools>();

        enforcer.Block("refund", "Too much.", when: call => call.Argument<decimal>("amount") > 100);
        enforcer.Modify("refund", arguments => arguments["amount"] = 50, when: call => call.Request.Context.UserId == "trainee");
        enforcer.Hold("pay_out", "A person must approve this.");
        enforcer.Defer("report", "The books are closed.", retryAfter: TimeSpan.FromMinutes(5));
        enforcer.Unreachable("search_docs");
        enforcer.Allow("search_docs", when: call => call.Argument<string>("query") == "help");

        Assert.That(await tools.RefundAsync("A-1", 100), Is.EqualTo("Order A-1 got 100."));
        Assert.That(async () => await tools.RefundAsync("A-1", 101), Throws.TypeOf<PolicyViolationException>());
        using var session = provider.GetRequiredService<IThothSessions>().Start(new() { UserId = "trainee" });
        Assert.That(await tools.RefundAsync("A-1", 250), Is.EqualTo("Order A-1 got 50."));
    }

    [Test]
    public async Task HeldRefund_ThatIsApproved_IsPaid()
    {
        var services = new ServiceCollection();
        services.AddScoped<IRefundTools, RefundTools>().AddGovernedTools<IRefundTools>();
        var enforcer = services.AddThothTesting();
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();
        var tools = scope.ServiceProvider.GetRequiredService<IRefundTools>();

        enforcer.Hold("refund");
        var refund = tools.RefundAsync("A-1", 250);
        await enforcer.ApproveAsync("refund", approver: "bob");

        Assert.That(await refund, Is.EqualTo("Order A-1 got 250."));
        enforcer.AssertCalls("refund");
        enforcer.AssertEvents("refund", EventPhase.Pre, EventPhase.Post);
    }

    [Test]
    public void CodeThatTakesSessions_NeedsNoProvider()
    {
        using var sessions = new TestSessions();
        using var session = sessions.Start(new() { UserId = "ada", ApprovedScope = ["refund"] });
        session.RecordToolCalls("search_docs", "refund");

        Assert.That(Greeting.For(sessions), Is.EqualTo("ada used 2 tools"));
    }

    [Test]
    public void SessionsOfAnApplication_AreItsOwn()
    {
        var services = new ServiceCollection();
        services.AddThothTesting();
        using var provider = services.BuildServiceProvider();

        using var session = provider.GetRequiredService<IThothSessions>().Start(new() { UserId = "ada" });
        session.RecordToolCalls("search_docs");

        Assert.That(Greeting.For(provider.GetRequiredService<IThothSessions>()), Is.EqualTo("ada used 1 tools"));
    }
}
