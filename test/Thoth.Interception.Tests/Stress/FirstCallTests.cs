using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Stress;

/// <summary>Everything that is made at the first call, asked for by many threads at the same moment.</summary>
public class FirstCallTests
{
    private const int Threads = 32;
    private const int Rounds = 10;

    public interface IFreshTools<T>
    {
        T Echo(T value);
    }

    [Test]
    public async Task FirstCalls_OfAFreshProvider_AreGovernedOnceEach([Values] ServiceLifetime lifetime)
    {
        for (var round = 0; round < Rounds; round++)
        {
            await using var host = GovernedHost.Create(services => services.AddGovernedTools<IStressTools, StressTools>(lifetime));

            var tokens = await RaceAsync(async i =>
            {
                await using var scope = host.Services.CreateAsyncScope();
                return await scope.ServiceProvider.GetRequiredService<IStressTools>().UseAsync(StressCalls.All[i % StressCalls.All.Length], i);
            });

            Assert.That(tokens, Is.EqualTo(Enumerable.Range(0, Threads)));
            await AssertGovernedOnceEachAsync(host);
        }
    }

    [Test]
    public async Task FirstCalls_OfANewClosing_AreGovernedOnceEach() => await RaceForClosingAsync<byte>(Rounds);

    [Test]
    public async Task Registrations_OfANewInterfaceInManyProviders_ShareOneProxyType() => await RaceForInterfaceAsync<byte>(Rounds);

    /// <summary>Each round's type is nested one deeper than the last one's: nothing in the process has seen it before.</summary>
    private static async Task RaceForClosingAsync<T>(int rounds)
        where T : new()
    {
        await using var host = GovernedHost.For<IStressTools>(new StressTools());
        var tools = host.Get<IStressTools>();
        var value = new Nested<T>();

        var results = await RaceAsync(async i => i % 2 == 0 ? tools.Echo(i, value) : await tools.EchoLaterAsync(i, value));

        Assert.That(results, Is.All.SameAs(value));
        await AssertGovernedOnceEachAsync(host);
        if (rounds > 0)
        {
            await RaceForClosingAsync<Nested<T>>(rounds - 1);
        }
    }

    private static async Task RaceForInterfaceAsync<T>(int rounds)
        where T : new()
    {
        var value = new Nested<T>();

        var proxies = await RaceAsync(async _ =>
        {
            await using var host = GovernedHost.Create(services =>
                services.AddGovernedTools<IFreshTools<Nested<T>>, FreshTools<Nested<T>>>(ServiceLifetime.Singleton));
            var tools = host.Get<IFreshTools<Nested<T>>>();
            Assert.That(tools.Echo(value), Is.SameAs(value));
            Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
            return tools.GetType();
        });

        Assert.That(proxies.Distinct().Count(), Is.EqualTo(1));
        if (rounds > 0)
        {
            await RaceForInterfaceAsync<Nested<T>>(rounds - 1);
        }
    }

    private static async Task<T[]> RaceAsync<T>(Func<int, Task<T>> call)
    {
        using var start = new Barrier(Threads);
        return await Task.WhenAll(Enumerable.Range(0, Threads).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return call(i);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
    }

    private static async Task AssertGovernedOnceEachAsync(GovernedHost host)
    {
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(Threads));
        var events = await host.EventNamesAsync();
        Assert.That(events, Has.Exactly(Threads).EqualTo("ToolCallPre/Pre").And.Exactly(Threads).EqualTo("ToolCallPost/Post"));
        Assert.That(events, Has.Length.EqualTo(2 * Threads));
    }

    public sealed class Nested<T>
        where T : new()
    {
        public T? Inner { get; set; }
    }

    private sealed class FreshTools<T> : IFreshTools<T>
    {
        public T Echo(T value) => value;
    }
}
