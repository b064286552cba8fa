using System.Diagnostics.Metrics;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Sessions;

/// <summary>Sessions that span several requests.</summary>
public class KeptSessionTests
{
    public interface ILookupTools
    {
        Task<int> LookUpAsync();
    }

    private sealed class LookupTools : ILookupTools
    {
        public Task<int> Outcome { get; set; } = Task.FromResult(1);

        public Task<int> LookUpAsync() => Outcome;
    }

    [Test]
    public async Task GetOrStart_SameId_ContinuesTheHistoryInEachRequest()
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools());

        for (var request = 0; request < 3; request++)
        {
            using (host.Sessions.GetOrStart("conv-1").Enter())
            {
                await host.Get<ILookupTools>().LookUpAsync();
            }
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Enforcer.LastRequest.SessionToolCalls, Is.EqualTo(["look_up", "look_up", "look_up"]));
            Assert.That(host.Enforcer.LastRequest.Context.SessionId, Is.EqualTo("conv-1"));
            Assert.That(host.Sessions.Current.Id, Is.Not.EqualTo("conv-1"));
        }
    }

    [Test]
    public async Task GetOrStart_IsNotCurrentUntilEntered()
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools());
        var outside = host.Sessions.Current;

        var session = host.Sessions.GetOrStart("conv-1");

        Assert.That(host.Sessions.Current, Is.SameAs(outside));
        using (session.Enter())
        {
            Assert.That(host.Sessions.Current, Is.SameAs(session));
        }

        Assert.That(host.Sessions.Current, Is.SameAs(outside));
    }

    [TestCase("user id")]
    [TestCase("agent id")]
    [TestCase("purpose")]
    [TestCase("session intent")]
    [TestCase("data classification")]
    [TestCase("trace id")]
    [TestCase("approved scope")]
    [TestCase("task context")]
    public async Task GetOrStart_OtherValues_IsRefused(string what)
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools());
        host.Sessions.GetOrStart("conv-1", Options("first"));

        Assert.That(
            () => host.Sessions.GetOrStart("conv-1", Options("second")),
            Throws.InvalidOperationException.With.Message.Contains(what).And.Message.Not.Contains("first"));
        Assert.That(host.Sessions.GetOrStart("conv-1", Options("first")).Id, Is.EqualTo("conv-1"));

        ThothSessionOptions Options(string value) => new()
        {
            UserId = what == "user id" ? value : null,
            AgentId = what == "agent id" ? value : null,
            Purpose = what == "purpose" ? value : null,
            SessionIntent = what == "session intent" ? value : null,
            DataClassification = what == "data classification" ? value : null,
            EnforcementTraceId = what == "trace id" ? value : null,
            ApprovedScope = what == "approved scope" ? [value] : null,
            TaskContext = what == "task context" ? new() { TaskId = value } : null,
        };
    }

    [Test]
    public async Task GetOrStart_IdleForTooLong_StartsAnew_AndIsCounted()
    {
        await using var host = GovernedHost.For<ILookupTools>(
            new LookupTools(), options => options.Sessions.IdleTimeout = TimeSpan.FromMinutes(10));
        using var evicted = new EvictionCount();
        var first = host.Sessions.GetOrStart("conv-1");

        host.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(host.Sessions.GetOrStart("conv-1"), Is.SameAs(first));
        host.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromTicks(1));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Sessions.GetOrStart("conv-1"), Is.Not.SameAs(first));
            Assert.That(evicted.Idle, Is.EqualTo(1));
            Assert.That(first.IsClosed, Is.False, "the session that a caller still has stays open");
        }
    }

    [Test]
    public async Task GetOrStart_InUse_IsNeverForgotten()
    {
        var tools = new LookupTools();
        await using var host = GovernedHost.For<ILookupTools>(
            tools, options => (options.Sessions.IdleTimeout, options.Sessions.MaxSessions) = (TimeSpan.FromMinutes(10), 2));
        var entered = host.Sessions.GetOrStart("entered");
        using var scope = entered.Enter();
        var running = new TaskCompletionSource<int>();
        tools.Outcome = running.Task;
        var (busy, call) = StartCall();

        host.Time.Advance(TimeSpan.FromDays(1));
        for (var i = 0; i < 5; i++)
        {
            host.Sessions.GetOrStart($"other-{i}");
        }

        Assert.That(host.Sessions.GetOrStart("entered"), Is.SameAs(entered));
        Assert.That(host.Sessions.GetOrStart("busy"), Is.SameAs(busy));
        running.SetResult(1);
        await call;
        host.Time.Advance(TimeSpan.FromDays(1));
        Assert.That(host.Sessions.GetOrStart("busy"), Is.Not.SameAs(busy), "the call has ended");

        (ThothSession, Task) StartCall()
        {
            var session = host.Sessions.GetOrStart("busy");
            using (session.Enter())
            {
                return (session, host.Get<ILookupTools>().LookUpAsync());
            }
        }
    }

    [Test]
    public async Task GetOrStart_TooMany_ForgetsTheUsersOwnOldestFirst()
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools(), options => options.Sessions.MaxSessions = 4);
        using var evicted = new EvictionCount();
        var ada = Start("ada", "ada-1");
        Start("bob", "bob-1");
        Start("bob", "bob-2");
        var bob3 = Start("bob", "bob-3");

        var bob4 = Start("bob", "bob-4");
        var eve = Start("eve", "eve-1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(evicted.Capacity, Is.EqualTo(2));
            Assert.That(Start("bob", "bob-3"), Is.SameAs(bob3));
            Assert.That(Start("bob", "bob-4"), Is.SameAs(bob4));
            Assert.That(Start("eve", "eve-1"), Is.SameAs(eve));
            Assert.That(Start("ada", "ada-1"), Is.Not.SameAs(ada), "the oldest of all, since eve had none");
        }

        ThothSession Start(string user, string id) => host.Sessions.GetOrStart(id, new() { UserId = user });
    }

    [Test]
    public async Task GetOrStart_Parallel_GivesOneSession()
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools());

        var sessions = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => host.Sessions.GetOrStart("conv-1"))));

        Assert.That(sessions, Has.All.SameAs(sessions[0]));
    }

    [Test]
    public async Task Dispose_KeptSession_IsForgottenAndRefusesToBeEntered()
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools());
        var session = host.Sessions.GetOrStart("conv-1");

        session.Dispose();

        Assert.That(session.Enter, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(host.Sessions.GetOrStart("conv-1"), Is.Not.SameAs(session));
    }

    [Test]
    public async Task Enter_Nested_ReturnsToTheOuterSession()
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools());
        var (outer, inner) = (host.Sessions.GetOrStart("outer"), host.Sessions.GetOrStart("inner"));

        using (outer.Enter())
        {
            var scope = inner.Enter();
            using (outer.Enter())
            {
                Assert.That(host.Sessions.Current, Is.SameAs(outer));
            }

            Assert.That(host.Sessions.Current, Is.SameAs(inner));
            scope.Dispose();
            scope.Dispose();
            Assert.That(host.Sessions.Current, Is.SameAs(outer));
        }
    }

    [Test]
    public async Task Enter_Iterator_EachStepIsInTheSession()
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools());
        var session = host.Sessions.GetOrStart("conv-1");

        var seen = new List<string>();
        await foreach (var id in StreamAsync())
        {
            seen.Add(id);
        }

        Assert.That(seen, Is.EqualTo(["conv-1", "conv-1"]));

        async IAsyncEnumerable<string> StreamAsync()
        {
            for (var i = 0; i < 2; i++)
            {
                using (session.Enter())
                {
                    await host.Get<ILookupTools>().LookUpAsync();
                }

                yield return host.Enforcer.LastRequest.Context.SessionId;
            }
        }
    }

    [Test]
    public void Enter_SessionOfAConstructor_HasNoEffect()
    {
        using var session = new ThothSession(new EnforcementContext { TenantId = "t", AgentId = "a", SessionId = "s", EnforcementTraceId = "s" });

        Assert.That(() => session.Enter().Dispose(), Throws.Nothing);
    }

    [Test]
    public async Task RequireSession_OutsideOfEverySession_IsRefused()
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools(), options => options.RequireSession = true);

        Assert.That(
            () => host.Get<ILookupTools>().LookUpAsync(),
            Throws.TypeOf<PolicyViolationException>().With.Property(nameof(PolicyViolationException.SdkReasonCode)).EqualTo(SdkReasonCodes.SessionRequired));
        using (host.Sessions.GetOrStart("conv-1").Enter())
        {
            Assert.That(await host.Get<ILookupTools>().LookUpAsync(), Is.EqualTo(1));
        }

        using (host.Sessions.Start())
        {
            Assert.That(await host.Get<ILookupTools>().LookUpAsync(), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task RequireSession_SessionThatAnAsyncHelperStarted_IsNotSilentlyAnother()
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools(), options => options.RequireSession = true);

        await StartInHelperAsync();

        Assert.That(() => host.Get<ILookupTools>().LookUpAsync(), Throws.TypeOf<PolicyViolationException>());

        async Task<ThothSession> StartInHelperAsync()
        {
            await Task.Yield();
            return host.Sessions.Start();
        }
    }

    [Test]
    public async Task Enter_AbortedFlow_StartsNoCall()
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools());
        using var aborted = new CancellationTokenSource();
        using var flow = host.Sessions.GetOrStart("conv-1").Enter(aborted.Token);
        using var inner = host.Sessions.Start();
        await host.Get<ILookupTools>().LookUpAsync();

        await aborted.CancelAsync();

        await Assert.ThatAsync(
            () => host.Get<ILookupTools>().LookUpAsync(),
            Throws.InstanceOf<OperationCanceledException>().With.Property(nameof(OperationCanceledException.CancellationToken)).EqualTo(aborted.Token));
        Assert.That(inner.ToolCalls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Enter_ScopeThatWasLeft_DoesNotAbortWhatGoesOn()
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools());
        using var aborted = new CancellationTokenSource();
        var goOn = new TaskCompletionSource();
        Task<int> late;
        using (host.Sessions.GetOrStart("conv-1").Enter(aborted.Token))
        {
            late = LateAsync();
        }

        await aborted.CancelAsync();
        goOn.SetResult();

        Assert.That(await late, Is.EqualTo(1));

        async Task<int> LateAsync()
        {
            await goOn.Task;
            return await host.Get<ILookupTools>().LookUpAsync();
        }
    }

    [Test]
    public async Task StartOnFirstUse_UnusedScope_StartsNoSession()
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools(), options => options.RequireSession = true);

        using (host.Sessions.StartOnFirstUse(new() { UserId = "ada" }))
        {
        }

        Assert.That(await host.EventsAsync(), Is.Empty);
    }

    [Test]
    public async Task StartOnFirstUse_FirstCall_StartsTheSessionOfTheScopeWhichClosesIt()
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools(), options => options.RequireSession = true);
        using var outer = host.Sessions.Start();
        ThothSession session;
        using (host.Sessions.StartOnFirstUse(new() { UserId = "ada" }))
        {
            await host.Get<ILookupTools>().LookUpAsync();
            session = host.Sessions.Current;
            Assert.That(host.Sessions.Current, Is.SameAs(session));
            Assert.That((session.Context.UserId, session.ToolCalls.Count), Is.EqualTo(("ada", 1)));
        }

        Assert.That(session.IsClosed, Is.True);
        Assert.That(session.IsInUse, Is.False);
        Assert.That(host.Sessions.Current, Is.SameAs(outer));
    }

    [Test]
    public async Task StartOnFirstUse_ParallelFirstCalls_ShareOneSession()
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools());
        using var scope = host.Sessions.StartOnFirstUse();

        var sessions = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => host.Sessions.Current)));

        Assert.That(sessions.Distinct().Count(), Is.EqualTo(1));
        Assert.That((await host.EventsAsync()).Count(e => e.Type == BehavioralEventType.SessionStarted), Is.EqualTo(1));
    }

    [Test]
    public async Task StartOnFirstUse_CallAfterTheScope_IsRefused()
    {
        await using var host = GovernedHost.For<ILookupTools>(new LookupTools());
        var goOn = new TaskCompletionSource();
        Task<int> late;
        using (host.Sessions.StartOnFirstUse())
        {
            late = LateAsync();
        }

        goOn.SetResult();

        await Assert.ThatAsync(
            () => late,
            Throws.TypeOf<PolicyViolationException>().With.Property(nameof(PolicyViolationException.SdkReasonCode)).EqualTo(SdkReasonCodes.SessionClosed));

        async Task<int> LateAsync()
        {
            await goOn.Task;
            return await host.Get<ILookupTools>().LookUpAsync();
        }
    }

    private sealed class EvictionCount : IDisposable
    {
        private readonly MeterListener _listener = new();

        public EvictionCount()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "thoth.sessions.evicted")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            {
                foreach (var tag in tags)
                {
                    (Idle, Capacity) = tag.Value is "idle" ? (Idle + count, Capacity) : (Idle, Capacity + count);
                }
            });
            _listener.Start();
        }

        public long Idle { get; private set; }

        public long Capacity { get; private set; }

        public void Dispose() => _listener.Dispose();
    }
}
