using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.Testing;

namespace Thoth.Interception.Tests.Testing;

public class TestSessionsTests
{
    [Test]
    public void Start_MakesTheSessionCurrent()
    {
        using var sessions = new TestSessions(options => options.SessionIntent = "support");
        Assert.That((sessions.IsEntered, sessions.Current.Context.AgentId), Is.EqualTo((false, "test-agent")));

        using (var session = sessions.Start(new() { UserId = "ada", ApprovedScope = ["find"] }))
        {
            Assert.That(sessions.Current, Is.SameAs(session));
            Assert.That((session.Context.UserId, session.Context.SessionIntent), Is.EqualTo(("ada", "support")));
            Assert.That((session.IsInScope("find"), session.IsInScope("refund")), Is.EqualTo((true, false)));
        }

        Assert.That(sessions.IsEntered, Is.False);
    }

    [Test]
    public void GetOrStart_KeepsTheSessionAndChecksItsUser()
    {
        var time = new FakeTimeProvider();
        using var sessions = new TestSessions(options => options.Sessions.IdleTimeout = TimeSpan.FromMinutes(1), time);
        var session = sessions.GetOrStart("c1", new() { UserId = "ada" });

        using (session.Enter())
        {
            Assert.That(sessions.Current.Id, Is.EqualTo("c1"));
        }

        Assert.That(sessions.GetOrStart("c1"), Is.SameAs(session));
        Assert.That(() => sessions.GetOrStart("c1", new() { UserId = "eve" }), Throws.InvalidOperationException);
        using (sessions.StartOnFirstUse(new() { UserId = "bob" }))
        {
            Assert.That(sessions.Current.Context.UserId, Is.EqualTo("bob"));
        }
    }

    [Test]
    public void RecordToolCalls_GivesASessionItsPast()
    {
        using var sessions = new TestSessions();
        var session = sessions.Start();

        session.RecordToolCalls("find", "refund");
        Assert.That(session.ToolCalls, Is.EqualTo(new[] { "find", "refund" }));

        session.Dispose();
        Assert.That(() => session.RecordToolCalls("find"), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task RecordToolCalls_InAnApplication_GoesToItsEnforcer()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IShopTools>(new ShopTools()).AddGovernedTools<IShopTools>();
        var enforcer = services.AddThothTesting();
        enforcer.Block("refund", "Find the order first.", when: call => !call.Request.SessionToolCalls.Contains("find"));
        await using var provider = services.BuildServiceProvider();
        var tools = provider.GetRequiredService<IShopTools>();
        using var session = provider.GetRequiredService<IThothSessions>().Start(new() { UserId = "ada" });

        Assert.That(async () => await tools.RefundAsync("A-1", 1), Throws.TypeOf<PolicyViolationException>());
        session.RecordToolCalls("find");
        Assert.That(async () => await tools.RefundAsync("A-1", 1), Throws.Nothing);
        Assert.That(enforcer.AssertCompleted("refund").Request.Context.UserId, Is.EqualTo("ada"));
    }
}
