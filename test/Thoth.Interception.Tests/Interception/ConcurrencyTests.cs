using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Tests;

public class ConcurrencyTests
{
    private const int Threads = 32;
    private const int CallsPerThread = 700;

    public interface IMixedTools
    {
        int Now(int number);

        Task<int> LaterAsync(int number);

        ValueTask<int> MaybeLaterAsync(int number);

        IEnumerable<int> Sequence(int number);

        IAsyncEnumerable<int> SequenceLaterAsync(int number);

        T Generic<T>(T value);

        void Double(ref int number);
    }

    [Test]
    public async Task Calls_FromManyThreadsOverAllShapes_HaveOneEvaluationAndTwoEventsEach()
    {
        await using var host = GovernedHost.Create(
            services => services.AddSingleton<MixedRuns>().AddGovernedTools<IMixedTools, MixedTools>(ServiceLifetime.Singleton),
            options => options.Events.BatchSize = 500);
        host.Enforcer.DecideAsync = async (request, _) =>
        {
            // Some decisions are there at once and some are not; every fifth refuses.
            var number = NumberOf(request);
            if (number % 3 == 0)
            {
                await Task.Yield();
            }

            return number % 5 == 0 ? ScriptedEnforcer.Block : ScriptedEnforcer.Allow;
        };
        var tools = host.Get<IMixedTools>();
        using var start = new Barrier(Threads);

        var wrong = await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            async () =>
            {
                start.SignalAndWait();
                var wrong = 0;
                for (var i = 0; i < CallsPerThread; i++)
                {
                    var number = (thread * CallsPerThread) + i;
                    wrong += await IsRightAsync(tools, number) ? 0 : 1;
                }

                return wrong;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));

        const int Calls = Threads * CallsPerThread;
        Assert.That(wrong.Sum(), Is.Zero);
        Assert.That(host.Enforcer.Requests.Select(NumberOf).Order(), Is.EqualTo(Enumerable.Range(0, Calls)));
        var events = (await host.EventsAsync()).ToLookup(e => NumberOf(e.Request));
        Assert.That(events, Has.Count.EqualTo(Calls));
        foreach (var call in events)
        {
            var end = call.Key % 5 == 0 ? EventPhase.Block : EventPhase.Post;
            Assert.That(call.Select(e => e.Phase).Order(), Is.EqualTo(new[] { EventPhase.Pre, end }.Order()), $"call {call.Key}");
            Assert.That(call.Select(e => e.Request.ActionAttestationId).Distinct().Count(), Is.EqualTo(1), $"call {call.Key}");
        }

        Assert.That(host.Services.GetRequiredService<MixedRuns>().Count, Is.EqualTo(Calls - (Calls / 5)));
    }

    [Test]
    public async Task Calls_OfOneServiceInManySessions_StayInTheirOwn()
    {
        await using var host = GovernedHost.Create(services => services.AddSingleton<MixedRuns>().AddGovernedTools<IMixedTools, MixedTools>(ServiceLifetime.Singleton));
        host.Enforcer.DecideAsync = async (_, _) =>
        {
            await Task.Yield();
            return ScriptedEnforcer.Allow;
        };

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(i => Task.Run(async () =>
        {
            using var session = host.Sessions.Start(new ThothSessionOptions { SessionId = $"s{i}" });
            for (var call = 0; call < 20; call++)
            {
                await host.Get<IMixedTools>().LaterAsync(i);
                await foreach (var _ in host.Get<IMixedTools>().SequenceLaterAsync(i))
                {
                }
            }
        })));

        // Each session leaves an event of its own start, too.
        var events = (await host.EventsAsync()).Where(e => e.Type != BehavioralEventType.LlmInvocation).ToList();
        Assert.That(events, Has.Count.EqualTo(Threads * 20 * 4));
        Assert.That(events.Select(e => e.Request.Context.SessionId == $"s{NumberOf(e.Request)}"), Is.All.True);
    }

    private static int NumberOf(EnforcementRequest request)
    {
        using var arguments = System.Text.Json.JsonDocument.Parse(request.Arguments);
        return arguments.RootElement.EnumerateObject().Single().Value.GetInt32();
    }

    private static async Task<bool> IsRightAsync(IMixedTools tools, int number)
    {
        try
        {
            return await CallAsync(tools, number) && number % 5 != 0;
        }
        catch (PolicyViolationException)
        {
            return number % 5 == 0;
        }
    }

    private static async Task<bool> CallAsync(IMixedTools tools, int number)
    {
        switch (number % 7)
        {
            case 0:
                return tools.Now(number) == number;
            case 1:
                return await tools.LaterAsync(number) == number;
            case 2:
                return await tools.MaybeLaterAsync(number) == number;
            case 3:
                return tools.Sequence(number).SequenceEqual([number, number]);
            case 4:
                var elements = 0;
                await foreach (var element in tools.SequenceLaterAsync(number))
                {
                    elements += element == number ? 1 : 0;
                }

                return elements == 2;
            case 5:
                return number % 2 == 0 ? tools.Generic(number) == number : tools.Generic((long)number) == number;
            default:
                var doubled = number;
                tools.Double(ref doubled);
                return doubled == number * 2;
        }
    }

    private sealed class MixedRuns
    {
        private int _count;

        public int Count => _count;

        public void Add() => Interlocked.Increment(ref _count);
    }

    private sealed class MixedTools(MixedRuns runs) : IMixedTools
    {
        public int Now(int number) => Run(number);

        public async Task<int> LaterAsync(int number)
        {
            await Task.Yield();
            return Run(number);
        }

        public ValueTask<int> MaybeLaterAsync(int number) => number % 2 == 0 ? new(Run(number)) : new(LaterAsync(number));

        public IEnumerable<int> Sequence(int number)
        {
            yield return Run(number);
            yield return number;
        }

        public async IAsyncEnumerable<int> SequenceLaterAsync(int number)
        {
            yield return Run(number);
            await Task.Yield();
            yield return number;
        }

        public T Generic<T>(T value) => Run(value);

        public void Double(ref int number) => number = Run(number) * 2;

        private T Run<T>(T value)
        {
            runs.Add();
            return value;
        }
    }
}
