using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

public class SynchronizationContextTests
{
    private readonly ScreenTools _tools = new();

    public interface IScreenTools
    {
        string Draw(string what);

        void Clear();

        IEnumerable<string> Lines();

        Task<string> DrawLaterAsync(string what);

        IAsyncEnumerable<string> LinesLaterAsync();
    }

    public enum Place
    {
        SingleThread,
        ExclusiveScheduler,
        SingleThreadWithinExclusiveScheduler,
    }

    [Test]
    public async Task SynchronousTool_EnforcerIsAsynchronousOnly_DoesNotDeadlock([Values] Place place)
    {
        await using var host = GovernedHost.For<IScreenTools>(_tools);
        DecideOnAnotherThread(host.Enforcer);

        var result = await RunAsync(place, () =>
        {
            var tools = host.Get<IScreenTools>();
            tools.Clear();
            return Task.FromResult((tools.Draw("a"), tools.Lines().ToList()));
        });

        Assert.That(result.Item1, Is.EqualTo("drawn a"));
        Assert.That(result.Item2, Is.EqualTo(["one", "two"]));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task SynchronousTool_HeldForAnApproval_DoesNotDeadlock([Values] Place place)
    {
        await using var host = GovernedHost.For<IScreenTools>(_tools);
        host.Enforcer.Decide = _ => new EnforcementDecision { Type = DecisionType.StepUp, HoldToken = "h1" };
        host.Enforcer.Hold = async (_, _, _) =>
        {
            await Task.Yield();
            return HoldStatus.Resolved(ScriptedEnforcer.Allow);
        };

        var result = await RunAsync(place, () => Task.FromResult(host.Get<IScreenTools>().Draw("a")));

        Assert.That(result, Is.EqualTo("drawn a"));
    }

    [Test]
    public async Task SynchronousTool_EnforcerIsAsynchronousOnly_RunsOnTheCallersThreadAndContext()
    {
        await using var host = GovernedHost.For<IScreenTools>(_tools);
        DecideOnAnotherThread(host.Enforcer);

        var same = await SingleThreadContext.RunAsync(() =>
        {
            var (thread, context) = (Environment.CurrentManagedThreadId, SynchronizationContext.Current);
            host.Get<IScreenTools>().Draw("a");
            return Task.FromResult(
                _tools.Thread == thread && _tools.Context == context && SynchronizationContext.Current == context && context is not null);
        });

        Assert.That(same, Is.True);
    }

    [Test]
    public async Task SynchronousTool_EnforcerIsSynchronous_IsAskedOnTheCallersThread()
    {
        await using var host = GovernedHost.For<IScreenTools>(_tools);
        var asked = 0;
        host.Enforcer.Decide = _ =>
        {
            asked = Environment.CurrentManagedThreadId;
            return ScriptedEnforcer.Allow;
        };

        var caller = await SingleThreadContext.RunAsync(() =>
        {
            host.Get<IScreenTools>().Draw("a");
            return Task.FromResult(Environment.CurrentManagedThreadId);
        });

        Assert.That(asked, Is.EqualTo(caller));
    }

    [Test]
    public async Task AsynchronousTool_DecisionComesFromAnotherThread_StartsOnTheCallersContext([Values] bool sequence)
    {
        await using var host = GovernedHost.For<IScreenTools>(_tools);
        DecideOnAnotherThread(host.Enforcer);

        var caller = await SingleThreadContext.RunAsync(async () =>
        {
            await UseAsync(host.Get<IScreenTools>(), sequence);
            return (Environment.CurrentManagedThreadId, SynchronizationContext.Current);
        });

        Assert.That((_tools.Thread, _tools.Context), Is.EqualTo(caller));
    }

    [Test]
    public async Task AsynchronousTool_DecisionComesFromAnotherThread_StartsOnTheCallersScheduler([Values] bool sequence)
    {
        await using var host = GovernedHost.For<IScreenTools>(_tools);
        DecideOnAnotherThread(host.Enforcer);

        var caller = await SingleThreadContext.RunExclusivelyAsync(async () =>
        {
            var scheduler = TaskScheduler.Current;
            await UseAsync(host.Get<IScreenTools>(), sequence);
            return scheduler;
        });

        Assert.That(_tools.Scheduler, Is.SameAs(caller));
        Assert.That(caller, Is.Not.SameAs(TaskScheduler.Default));
    }

    [Test]
    public async Task RefusedCall_CallerWhoseContextIsGone_StillEnds([Values] bool sequence)
    {
        await using var host = GovernedHost.For<IScreenTools>(_tools);
        var decided = new TaskCompletionSource();
        host.Enforcer.DecideAsync = async (_, _) =>
        {
            await decided.Task.ConfigureAwait(false);
            return ScriptedEnforcer.Block;
        };

        var call = In<Task>(new GoneContext(), () => sequence
            ? host.Get<IScreenTools>().LinesLaterAsync().GetAsyncEnumerator().MoveNextAsync().AsTask()
            : host.Get<IScreenTools>().DrawLaterAsync("a"));
        decided.SetResult();

        await Assert.ThatAsync(() => call, Throws.InstanceOf<PolicyViolationException>());
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }

    [Test]
    public async Task AsynchronousTool_EndsOnAnotherThread_CallerGoesOnInItsContext()
    {
        await using var host = GovernedHost.For<IScreenTools>(_tools);
        var work = new TaskCompletionSource();
        _tools.Work = work.Task;

        var same = await SingleThreadContext.RunAsync(async () =>
        {
            var (thread, context) = (Environment.CurrentManagedThreadId, SynchronizationContext.Current);
            var task = host.Get<IScreenTools>().DrawLaterAsync("a");
            new Thread(work.SetResult).Start();
            await task;
            return Environment.CurrentManagedThreadId == thread && SynchronizationContext.Current == context;
        });

        Assert.That(same, Is.True);
    }

    [Test]
    public async Task AsynchronousTool_CallerBlocksItsOnlyThread_CompletesAsTheBareToolDoes()
    {
        await using var host = GovernedHost.For<IScreenTools>(_tools);
        var work = new TaskCompletionSource();
        _tools.Work = work.Task;

        var result = await SingleThreadContext.RunAsync(() =>
        {
            var task = host.Get<IScreenTools>().DrawLaterAsync("a");
            new Thread(work.SetResult).Start();
#pragma warning disable RS0030 // That callers block is what this test is about: the bare tool lets them.
            return Task.FromResult(task.Result);
#pragma warning restore RS0030
        });

        Assert.That(result, Is.EqualTo("drawn a"));
    }

    [Test]
    public async Task SynchronousTools_ManyCallersOnManyContexts_AllComplete()
    {
        await using var host = GovernedHost.For<IScreenTools>(_tools);
        DecideOnAnotherThread(host.Enforcer);

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            RunAsync(i % 2 == 0 ? Place.SingleThread : Place.ExclusiveScheduler, () => Task.FromResult(host.Get<IScreenTools>().Draw("a")))));

        Assert.That(results, Has.Length.EqualTo(16).And.All.EqualTo("drawn a"));
    }

    private static T In<T>(SynchronizationContext context, Func<T> body)
    {
        var own = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            return body();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(own);
        }
    }

    /// <summary>An enforcer as people write them: it awaits without a thought about contexts, and its decision comes from another thread.</summary>
    private static void DecideOnAnotherThread(ScriptedEnforcer enforcer) => enforcer.DecideAsync = async (_, _) =>
    {
        await Task.Yield();
        var decided = new TaskCompletionSource<EnforcementDecision>();
        new Thread(() => decided.SetResult(ScriptedEnforcer.Allow)).Start();
        var decision = await decided.Task;
        await Task.Yield();
        return decision;
    };

    private static Task<T> RunAsync<T>(Place place, Func<Task<T>> body) => place switch
    {
        Place.SingleThread => SingleThreadContext.RunAsync(body),
        Place.ExclusiveScheduler => SingleThreadContext.RunExclusivelyAsync(body),
        _ => SingleThreadContext.RunExclusivelyAsync(() => SingleThreadContext.RunAsync(body)),
    };

    private static async Task UseAsync(IScreenTools tools, bool sequence)
    {
        if (!sequence)
        {
            await tools.DrawLaterAsync("a");
            return;
        }

        await foreach (var _ in tools.LinesLaterAsync())
        {
        }
    }

    /// <summary>Of a window that was closed: nothing that is posted to it runs any more.</summary>
    private sealed class GoneContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }

    private sealed class ScreenTools : IScreenTools
    {
        public Task Work { get; set; } = Task.CompletedTask;

        public int Thread { get; private set; }

        public SynchronizationContext? Context { get; private set; }

        public TaskScheduler? Scheduler { get; private set; }

        public string Draw(string what)
        {
            Remember();
            return $"drawn {what}";
        }

        public void Clear() => Remember();

        public IEnumerable<string> Lines()
        {
            yield return "one";
            yield return "two";
        }

        public async Task<string> DrawLaterAsync(string what)
        {
            Remember();
            await Work.ConfigureAwait(false);
            return $"drawn {what}";
        }

        public async IAsyncEnumerable<string> LinesLaterAsync()
        {
            Remember();
            await Work.ConfigureAwait(false);
            yield return "one";
        }

        private void Remember()
        {
            Thread = Environment.CurrentManagedThreadId;
            Context = SynchronizationContext.Current;
            Scheduler = TaskScheduler.Current;
        }
    }
}
