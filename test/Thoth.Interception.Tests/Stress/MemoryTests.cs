using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Stress;

/// <summary>What ten thousand service providers leave behind in the process: nothing.</summary>
[NonParallelizable]
public class MemoryTests
{
    private const int WarmUp = 1_000;
    private const int Providers = 10_000;

    /// <summary>Less than half a KiB for each provider: not even its list of services would fit.</summary>
    private const long Bound = 4_000_000;

    private readonly ConcurrentQueue<(string What, WeakReference Reference)> _sample = new();
    private readonly ConcurrentDictionary<Type, bool> _proxies = new();
    private int _readersLeft;

    [Test]
    [CancelAfter(60_000)]
    public async Task Providers_TenThousandBuiltUsedAndDisposed_LeaveNothingBehind()
    {
        await UseProvidersAsync(WarmUp);
        var (heap, types) = (GC.GetTotalMemory(forceFullCollection: true), DynamicTypes());

        await UseProvidersAsync(Providers - WarmUp);

        await CollectAsync();
        var growth = GC.GetTotalMemory(forceFullCollection: true) - heap;
        await TestContext.Out.WriteLineAsync($"the heap grew by {growth} bytes");
        Assert.That(_sample, Has.Count.EqualTo(5 * Providers / 100));
        Assert.That(_sample.Where(sampled => sampled.Reference.IsAlive).Select(sampled => sampled.What).Distinct(), Is.Empty);
        Assert.That(_readersLeft, Is.Zero);
        Assert.That(_proxies, Has.Count.EqualTo(1));
        Assert.That(DynamicTypes(), Is.EqualTo(types));
        Assert.That(growth, Is.LessThan(Bound));
    }

    [Test]
    public async Task Provider_DisposedWithASessionLeftOpenAndASequenceNeverRead_IsNotRooted()
    {
        var (provider, session, sequence) = LeaveThingsBehind();

        await CollectAsync();

        Assert.That(provider.IsAlive, Is.False);
        Assert.That(sequence.IsAlive, Is.False);
        GC.KeepAlive(session);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static (WeakReference Provider, ThothSession Session, WeakReference Sequence) LeaveThingsBehind()
        {
            var services = Create();
            var session = services.GetRequiredService<IThothSessions>().Start();
            var sequence = services.GetRequiredService<IStressTools>().Sequence(1, "t1");
            services.Dispose();
            return (new(services), session, new(sequence));
        }
    }

    private Task UseProvidersAsync(int count)
    {
        var next = 0;
        return Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number <= count)
            {
                await UseProviderAsync(number % 100 == 0, synchronously: number % 4 == 0);
            }
        })));
    }

    /// <summary>What keeps a task alive must not keep its local variables alive: they are gone with this method.</summary>
    private async Task UseProviderAsync(bool isSampled, bool synchronously)
    {
        var services = Create();
        var (sessions, tools) = (services.GetRequiredService<IThothSessions>(), services.GetRequiredService<IStressTools>());
        var pipeline = services.GetRequiredService<IEventPipeline>();
        _proxies[tools.GetType()] = true;
        using (var session = sessions.Start())
        {
            await tools.LaterAsync(1, "t1");
            tools.Echo(2, "t2");
            if (isSampled)
            {
                _sample.Enqueue(("provider", new WeakReference(services)));
                _sample.Enqueue(("pipeline", new WeakReference(pipeline)));
                _sample.Enqueue(("session", new WeakReference(session)));
                _sample.Enqueue(("sessions", new WeakReference(sessions)));
                _sample.Enqueue(("proxy", new WeakReference(tools)));
            }
        }

        if (synchronously)
        {
            services.Dispose();
        }
        else
        {
            await services.DisposeAsync();
        }

        // A flush ends with the flush or with the reader; once the reader has ended, it has nothing to wait for.
        if (!pipeline.FlushAsync().IsCompleted)
        {
            Interlocked.Increment(ref _readersLeft);
        }
    }

    private static ServiceProvider Create() => StressHost.Create(
        new ScriptedEnforcer(), new InMemoryEventSink(),
        services => services.AddGovernedTools<IStressTools, StressTools>(ServiceLifetime.Singleton).AddLogging(logging => logging.ClearProviders()));

    private static int DynamicTypes() => AppDomain.CurrentDomain.GetAssemblies()
        .Where(assembly => assembly.IsDynamic).Sum(assembly => assembly.GetTypes().Length);

    private static async Task CollectAsync()
    {
        for (var turn = 0; turn < 5; turn++)
        {
            // Another thread's stack may still hold what it used last.
            await Task.Yield();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
