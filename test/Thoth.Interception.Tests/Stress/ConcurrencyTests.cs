using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Stress;

public class ConcurrencyTests
{
    private const int Seed = 20_261_122;
    private const int Workers = 64;
    private const int CallsPerWorker = 1_600;
    private const int CallsPerSession = 100;

    private readonly ConcurrentQueue<ThothSession> _short = new();

    [Test]
    [CancelAfter(60_000)]
    public async Task Calls_HundredThousandOfAllReturnTypesInManySessions_EachIsGovernedOnceAndAlone()
    {
        await TestContext.Out.WriteLineAsync($"seed {Seed}");
        var random = new Random(Seed);
        var plans = Enumerable.Range(0, Workers * CallsPerWorker).Select(token => StressPlan.Random(token, random)).ToArray();
        var ledger = new StressLedger(plans);
        await using var services = StressHost.Create(
            ledger, ledger, s => s.AddSingleton<IStressTools>(ledger.Tools).AddGovernedTools<IStressTools>(), options =>
            {
                options.Events.QueueCapacity = 1_000_000;
                options.Events.BatchSize = 500;
            });
        using var start = new Barrier(Workers);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(kind => InSessionsAsync(kind, services, ledger, start)));

        var pipeline = services.GetRequiredService<IEventPipeline>();
        await pipeline.FlushAsync();
        Assert.That(plans.Select(plan => plan.Verdict()).Where(wrong => wrong is not null).Take(5), Is.Empty);
        Assert.That(ledger.Strangers, Is.Zero);
        AssertShortSessionsAreExact(plans);
        AssertLongSessionsAreFull(plans);

        // Two events a call, and one for each session's start.
        Assert.That(pipeline.Statistics.Dropped, Is.Zero);
        Assert.That(pipeline.Statistics.Sent, Is.EqualTo((2 * plans.Length) + _short.Count + 1));
    }

    [Test]
    public async Task ParallelCalls_OfOneSession_SeeAllThatRun()
    {
        var tools = new StressTools { Waits = token => token < Workers };
        await using var host = GovernedHost.For<IStressTools>(tools);
        var (running, done) = (new CountdownEvent(Workers), new TaskCompletionSource());
        tools.Wait = () => done.Task;
        tools.OnRun = (token, _) => { if (token < Workers) { running.Signal(); } };

        var first = Enumerable.Range(0, Workers).Select(i => Task.Run(() => host.Get<IStressTools>().LaterAsync(i, ""))).ToArray();
        running.Wait(TimeSpan.FromSeconds(30));
        await Task.WhenAll(Enumerable.Range(Workers, Workers).Select(i => Task.Run(() => host.Get<IStressTools>().Now(i, ""))));
        done.SetResult();
        await Task.WhenAll(first);

        var seen = host.Enforcer.Requests.Where(request => request.ToolName == "now").Select(request => request.SessionToolCalls).ToList();
        Assert.That(seen, Has.Count.EqualTo(Workers));
        Assert.That(seen.Select(history => history.Count(name => name == "later")), Is.All.EqualTo(Workers));
        Assert.That(host.Sessions.Current.ToolCalls.Count(name => name == "now"), Is.EqualTo(Workers));
    }

    /// <summary>A quarter of the workers in one session, a quarter in the provider's own, and half of them in short ones of their own.</summary>
    private async Task InSessionsAsync(int kind, ServiceProvider services, StressLedger ledger, Barrier start)
    {
        var sessions = services.GetRequiredService<IThothSessions>();
        var tools = services.GetRequiredService<IStressTools>();
        using var shared = kind == 0 ? sessions.Start(new ThothSessionOptions { SessionId = "shared" }) : null;
        var workers = kind switch { 0 => Enumerable.Range(0, 16), 1 => Enumerable.Range(16, 16), _ => Enumerable.Range(32, 32) };
        await Task.WhenAll(workers.Select(worker => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                var tokens = Enumerable.Range(worker * CallsPerWorker, CallsPerWorker);
                return kind == 2 ? InShortSessionsAsync(sessions, tools, ledger, tokens) : OneByOneAsync(sessions.Current, tools, ledger, tokens);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
    }

    private static async Task OneByOneAsync(ThothSession session, IStressTools tools, StressLedger ledger, IEnumerable<int> tokens)
    {
        foreach (var token in tokens)
        {
            await ledger.CallAsync(tools, session, token);
        }
    }

    /// <summary>Two calls at a time, in sessions that are so short that their histories are whole.</summary>
    private async Task InShortSessionsAsync(IThothSessions sessions, IStressTools tools, StressLedger ledger, IEnumerable<int> tokens)
    {
        foreach (var chunk in tokens.Chunk(CallsPerSession))
        {
            using var session = sessions.Start();
            _short.Enqueue(session);
            foreach (var pair in chunk.Chunk(2))
            {
                var other = Task.Run(() => ledger.CallAsync(tools, session, pair[1]));
                await ledger.CallAsync(tools, session, pair[0]);
                await other;
            }
        }
    }

    private void AssertShortSessionsAreExact(StressPlan[] plans)
    {
        var calls = plans.ToLookup(plan => plan.Session);
        Assert.That(_short, Has.Count.EqualTo(Workers / 2 * CallsPerWorker / CallsPerSession));
        foreach (var session in _short)
        {
            var history = session.ToolCalls;
            var started = calls[session].Where(plan => plan.Runs).Select(plan => StressCalls.ToolOf(plan.ReturnType));
            Assert.That(history.Order(), Is.EqualTo(started.Order()), "the history is what has started");

            // Whatever an enforcer was told is how the history began, and the call itself.
            Assert.That(calls[session].All(plan => plan.Request!.SessionToolCalls.SkipLast(1).SequenceEqual(
                history.Take(plan.Request.SessionToolCalls.Count - 1))), Is.True, "each view is a beginning of the history");
        }
    }

    private static void AssertLongSessionsAreFull(StressPlan[] plans)
    {
        var names = StressCalls.All.Select(StressCalls.ToolOf).ToHashSet();
        var sessions = plans[..(Workers / 2 * CallsPerWorker)].Select(plan => plan.Session!).Distinct().ToList();
        Assert.That(sessions, Has.Count.EqualTo(2));
        Assert.That(sessions.Select(session => session.ToolCalls.Count), Is.All.EqualTo(128));
        Assert.That(sessions.SelectMany(session => session.ToolCalls).All(names.Contains), Is.True);
        Assert.That(plans.Count(plan => plan.Request!.SessionToolCalls.Count == 128), Is.GreaterThan(Workers / 2 * CallsPerWorker * 9 / 10));
    }
}
