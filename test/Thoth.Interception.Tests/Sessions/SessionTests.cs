using NSubstitute;
using Thoth.Interception.Serialization;
using Thoth.Interception.Sessions;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Sessions;

public class SessionTests
{
    public interface IStepTools
    {
        void First();

        void Second();

        Task<int> ThirdAsync();
    }

    private sealed class StepTools : IStepTools
    {
        public Action OnFirst { get; set; } = () => { };

        public void First() => OnFirst();

        public void Second() => throw new InvalidOperationException("it failed");

        public Task<int> ThirdAsync() => Task.FromResult(3);
    }

    [Test]
    public async Task Calls_AreRecordedWhenTheyBegin_FailedOnesToo_AndSentWithTheCurrentOne()
    {
        await using var host = GovernedHost.For<IStepTools>(new StepTools());
        var tools = host.Get<IStepTools>();

        tools.First();
        Assert.That(tools.Second, Throws.InvalidOperationException);
        await tools.ThirdAsync();

        Assert.That(host.Enforcer.LastRequest.SessionToolCalls, Is.EqualTo(["first", "second", "third"]));
        Assert.That(host.Sessions.Current.ToolCalls, Is.EqualTo(["first", "second", "third"]));
    }

    [Test]
    public async Task BlockedCalls_AreNotRecorded()
    {
        await using var host = GovernedHost.For<IStepTools>(new StepTools());
        host.Enforcer.Decide = _ => new EnforcementDecision { Type = DecisionType.Block };

        Assert.That(host.Get<IStepTools>().First, Throws.TypeOf<PolicyViolationException>());

        Assert.That(host.Sessions.Current.ToolCalls, Is.Empty);
    }

    [Test]
    public async Task ParallelCalls_SeeEachOther_OnceTheyRun()
    {
        var tools = new StepTools();
        await using var host = GovernedHost.For<IStepTools>(tools);
        var governed = host.Get<IStepTools>();
        tools.OnFirst = () => governed.ThirdAsync();

        governed.First();

        Assert.That(host.Enforcer.LastRequest.SessionToolCalls, Is.EqualTo(["first", "third"]));
    }

    [Test]
    public async Task History_KeepsTheNewest128_AndOldSnapshotsStayAsTheyWere()
    {
        await using var host = GovernedHost.For<IStepTools>(new StepTools());
        var tools = host.Get<IStepTools>();
        tools.First();
        var early = host.Enforcer.LastRequest.SessionToolCalls;

        for (var i = 0; i < 1_000; i++)
        {
            await tools.ThirdAsync();
        }

        Assert.That(early, Is.EqualTo(["first"]));
        Assert.That(host.Enforcer.LastRequest.SessionToolCalls, Has.Count.EqualTo(128).And.All.EqualTo("third"));
        Assert.That(host.Sessions.Current.ToolCalls, Has.Count.EqualTo(128));
    }

    [Test]
    public void Snapshots_OfEveryLength_AreWhatWasRecorded()
    {
        var recorder = new ToolCallHistory.Recorder();
        var snapshots = new List<(IReadOnlyList<string> View, string[] Expected)>();
        var all = new List<string>();
        for (var i = 0; i < 700; i++)
        {
            snapshots.Add((recorder.View(), [.. all.TakeLast(128)]));
            snapshots.Add((recorder.ViewWith(new EncodedToolName("now")), [.. all.TakeLast(127), "now"]));
            recorder.Add(new EncodedToolName($"tool{i}"));
            all.Add($"tool{i}");
        }

        foreach (var (view, expected) in snapshots)
        {
            Assert.That(view, Is.EqualTo(expected));
            Assert.That(JsonOf(view), Is.EqualTo(System.Text.Json.JsonSerializer.Serialize(expected)));
        }
    }

    [Test]
    public async Task Sessions_AreKeptApart_AndNest()
    {
        await using var host = GovernedHost.For<IStepTools>(new StepTools());
        var tools = host.Get<IStepTools>();
        var own = host.Sessions.Current;
        tools.First();

        using (var outer = host.Sessions.Start(new ThothSessionOptions { SessionId = "outer", UserId = "ada" }))
        {
            await tools.ThirdAsync();
            Assert.That(host.Enforcer.LastRequest.Context, Is.SameAs(outer.Context));
            Assert.That(host.Enforcer.LastRequest.Context.UserId, Is.EqualTo("ada"));
            Assert.That(host.Enforcer.LastRequest.SessionToolCalls, Is.EqualTo(["third"]));
            using (var inner = host.Sessions.Start())
            {
                Assert.That(host.Sessions.Current, Is.SameAs(inner));
                Assert.That(Guid.TryParse(inner.Id, out _), Is.True);
                Assert.That(inner.Context.EnforcementTraceId, Is.EqualTo(inner.Id));
            }

            Assert.That(host.Sessions.Current, Is.SameAs(outer));
        }

        Assert.That(host.Sessions.Current, Is.SameAs(own));
    }

    [Test]
    public async Task Ambient_FlowsIntoAsynchronousCode_AndNotIntoItsSiblings()
    {
        await using var host = GovernedHost.For<IStepTools>(new StepTools());

        async Task<string> InOwnSessionAsync(string id)
        {
            using var session = host.Sessions.Start(new ThothSessionOptions { SessionId = id });
            await Task.Yield();
            await host.Get<IStepTools>().ThirdAsync();
            return string.Join(",", session.ToolCalls) + "@" + host.Sessions.Current.Id;
        }

        var results = await Task.WhenAll(InOwnSessionAsync("a"), InOwnSessionAsync("b"));

        Assert.That(results, Is.EqualTo(["third@a", "third@b"]));
    }

    [Test]
    public async Task ClosedSession_RefusesCalls_AlsoOneWhoseDecisionIsPending()
    {
        var ran = false;
        await using var host = GovernedHost.For<IStepTools>(new StepTools { OnFirst = () => ran = true });
        using var session = host.Sessions.Start();
        var decision = new TaskCompletionSource<EnforcementDecision>();
        host.Enforcer.DecideAsync = (_, _) => new(decision.Task);
        var call = host.Get<IStepTools>().ThirdAsync();

        session.Dispose();
        decision.SetResult(ScriptedEnforcer.Allow);

        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(() => call);
        Assert.That(refusal!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionClosed));
        Assert.That(ran, Is.False);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["SessionStarted/Pre", "ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }

    [Test]
    public async Task DisposedProvider_RefusesCalls()
    {
        var host = GovernedHost.For<IStepTools>(new StepTools());
        var tools = host.Get<IStepTools>();
        await host.DisposeAsync();

        var refusal = Assert.Throws<PolicyViolationException>(tools.First);

        Assert.That(refusal!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionClosed));
    }

    [Test]
    public async Task Tokens_AreCounted_AndScopeIsExact()
    {
        await using var host = GovernedHost.For<IStepTools>(new StepTools(), o => o.ApprovedScope = ["first"]);
        var session = host.Sessions.Current;

        session.AddTokens(40);
        session.AddTokens(2);

        Assert.That(session.TokensSpent, Is.EqualTo(42));
        Assert.That(() => session.AddTokens(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(session.IsInScope("first"), Is.True);
        Assert.That(session.IsInScope("First"), Is.False);
    }

    [Test]
    public async Task Session_MadeByATest_ServesAFakeOfTheSessions()
    {
        var sessions = Substitute.For<IThothSessions>();
        sessions.Start(Arg.Any<ThothSessionOptions?>()).Returns(call => new ThothSession(new EnforcementContext
        {
            TenantId = "t",
            AgentId = "a",
            SessionId = call.Arg<ThothSessionOptions>().SessionId!,
            EnforcementTraceId = "trace",
            ApprovedScope = ["first"],
        }));

        var session = await ConverseAsync(sessions);

        Assert.That(
            (session.Id, session.TokensSpent, session.IsInScope("first"), session.IsClosed, session.ToolCalls.Count),
            Is.EqualTo(("conversation-1", 7L, true, true, 0)));
        Assert.That(() => new ThothSession(null!), Throws.ArgumentNullException);

        static async Task<ThothSession> ConverseAsync(IThothSessions sessions)
        {
            using var session = sessions.Start(new ThothSessionOptions { SessionId = "conversation-1" });
            await Task.CompletedTask;
            session.AddTokens(7);
            return session;
        }
    }

    private static string JsonOf(IReadOnlyList<string> names)
    {
        var json = new PooledJsonWriter();
        ToolCallHistory.Write(json, names);
        return System.Text.Encoding.UTF8.GetString(json.Written.Span);
    }
}
