using System.Diagnostics;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

[NonParallelizable]
public sealed class AmbientContextTests : IDisposable
{
    private static readonly AsyncLocal<string?> s_ambient = new();
    private static readonly ActivitySource s_callers = new("Thoth.Interception.Tests.Callers");

    private readonly TraceTools _tools = new();
    private readonly List<Activity> _stopped = [];
    private readonly ActivityListener _listener;

    public AmbientContextTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Thoth.Interception" || source == s_callers,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (_stopped)
                {
                    _stopped.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public enum ReturnType
    {
        Synchronous,
        Task,
        ValueTask,
        Sequence,
        AsyncSequence,
    }

    public interface ITraceTools
    {
        int Now();

        Task<int> LaterAsync();

        ValueTask<int> MaybeLaterAsync();

        IEnumerable<int> Sequence();

        IAsyncEnumerable<int> SequenceLaterAsync();
    }

    public void Dispose() => _listener.Dispose();

    [Test]
    public async Task Sequence_CallerKeepsItsOwnSpan_BeforeBetweenAndAfterTheElements()
    {
        await using var host = Host(decideLater: false);
        using var callers = s_callers.StartActivity("caller");

        var sequence = host.Get<ITraceTools>().Sequence();
        var seen = new List<Activity?> { Activity.Current };
        foreach (var _ in sequence)
        {
            seen.Add(Activity.Current);
        }

        Assert.That(seen.Append(Activity.Current), Is.All.SameAs(callers));
    }

    [Test]
    public async Task Call_AnyReturnType_RunsInASpanOfItsOwnThatTheCallerDoesNotSee([Values] ReturnType returnType, [Values] bool decideLater)
    {
        await using var host = Host(decideLater);
        using var callers = s_callers.StartActivity("caller");
        s_ambient.Value = "the caller's";

        var call = UseAsync(host.Get<ITraceTools>(), returnType);
        var during = Activity.Current;
        var elements = await call;

        Assert.That(during, Is.SameAs(callers));
        Assert.That(Activity.Current, Is.SameAs(callers));
        Assert.That(s_ambient.Value, Is.EqualTo("the caller's"));
        Assert.That(_stopped, Has.Count.EqualTo(1));
        Assert.That(_stopped[0].Parent, Is.SameAs(callers));
        Assert.That(_stopped[0].GetTagItem("thoth.outcome"), Is.EqualTo("completed"));
        Assert.That(_tools.Seen, Has.Count.EqualTo(elements).And.All.SameAs(_stopped[0]));
        Assert.That(_tools.SeenAmbient, Is.All.EqualTo("the caller's"));
    }

    [Test]
    public async Task Call_NotYetAwaited_LeavesTheCallersSpanCurrent([Values] bool decideLater)
    {
        await using var host = Host(decideLater);
        using var callers = s_callers.StartActivity("caller");

        var call = host.Get<ITraceTools>().LaterAsync();
        var during = Activity.Current;
        await call;

        Assert.That(during, Is.SameAs(callers));
    }

    [Test]
    public async Task Call_Refused_LeavesTheCallersSpanCurrent([Values] ReturnType returnType)
    {
        await using var host = Host();
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
        using var callers = s_callers.StartActivity("caller");

        await Assert.ThrowsAsync<PolicyViolationException>(() => UseAsync(host.Get<ITraceTools>(), returnType));

        Assert.That(Activity.Current, Is.SameAs(callers));
        Assert.That(_stopped, Has.Count.EqualTo(1));
        Assert.That(_stopped[0].GetTagItem("thoth.outcome"), Is.EqualTo("blocked"));
    }

    [Test]
    public async Task Sequence_EnumeratedWithinAnotherSpan_LeavesThatSpanCurrent()
    {
        await using var host = Host();
        IEnumerable<int> sequence;
        using (s_callers.StartActivity("first"))
        {
            sequence = host.Get<ITraceTools>().Sequence();
        }

        using var second = s_callers.StartActivity("second");
        var current = new List<Activity?>();
        foreach (var _ in sequence)
        {
            current.Add(Activity.Current);
        }

        current.Add(Activity.Current);
        Assert.That(current, Has.Count.EqualTo(3).And.All.SameAs(second));
        Assert.That(_tools.Seen, Has.Count.EqualTo(2).And.All.SameAs(_stopped[^1]));
    }

    [Test]
    public async Task Sequence_LeftEarly_EndsInItsSpanAndLeavesTheCallers([Values(ReturnType.Sequence, ReturnType.AsyncSequence)] ReturnType returnType)
    {
        await using var host = Host();
        using var callers = s_callers.StartActivity("caller");

        if (returnType == ReturnType.Sequence)
        {
            Assert.That(host.Get<ITraceTools>().Sequence().First(), Is.EqualTo(1));
        }
        else
        {
            await using var elements = host.Get<ITraceTools>().SequenceLaterAsync().GetAsyncEnumerator();
            Assert.That(await elements.MoveNextAsync(), Is.True);
        }

        Assert.That(Activity.Current, Is.SameAs(callers));
        Assert.That(_tools.SeenAtTheEnd, Is.SameAs(_stopped.Single()));
    }

    [Test]
    public async Task Sequence_EnumeratedAgain_RunsInASpanOfItsOwnBelowTheCallers()
    {
        await using var host = Host();
        using var callers = s_callers.StartActivity("caller");
        var sequence = host.Get<ITraceTools>().Sequence();
        _ = sequence.Count();
        var seen = new List<Activity?>();

        using var again = sequence.GetEnumerator();
        while (again.MoveNext())
        {
            seen.Add(Activity.Current);
        }

        Assert.That(seen.Append(Activity.Current), Is.All.SameAs(callers));
        Assert.That(_stopped.Select(span => span.Parent), Is.EqualTo([callers, callers]));
        Assert.That(_tools.Seen, Is.EqualTo([_stopped[0], _stopped[0], _stopped[1], _stopped[1]]));
        Assert.That(_tools.SeenAtTheEnd, Is.SameAs(_stopped[1]));
    }

    [Test]
    public async Task AsyncSequence_SpanChangesBetweenElements_StaysTheCallers()
    {
        await using var host = Host();
        await using var elements = host.Get<ITraceTools>().SequenceLaterAsync().GetAsyncEnumerator();
        await elements.MoveNextAsync();

        using var callers = s_callers.StartActivity("between");
        await elements.MoveNextAsync();
        await elements.MoveNextAsync();

        Assert.That(Activity.Current, Is.SameAs(callers));
        Assert.That(_tools.Seen, Has.Count.EqualTo(2).And.All.SameAs(_stopped[0]));
    }

    private static async Task<int> UseAsync(ITraceTools tools, ReturnType returnType)
    {
        switch (returnType)
        {
            case ReturnType.Synchronous:
                tools.Now();
                return 1;
            case ReturnType.Task:
                await tools.LaterAsync();
                return 1;
            case ReturnType.ValueTask:
                await tools.MaybeLaterAsync();
                return 1;
            case ReturnType.Sequence:
                return tools.Sequence().Count();
            default:
                var count = 0;
                await foreach (var _ in tools.SequenceLaterAsync())
                {
                    count++;
                }

                return count;
        }
    }

    private GovernedHost Host(bool decideLater = false)
    {
        var host = GovernedHost.For<ITraceTools>(_tools);
        if (decideLater)
        {
            host.Enforcer.DecideAsync = async (request, _) =>
            {
                s_ambient.Value = "the enforcer's";
                await Task.Yield();
                return host.Enforcer.Decide(request);
            };
        }

        return host;
    }

    private sealed class TraceTools : ITraceTools
    {
        public List<Activity?> Seen { get; } = [];

        public Activity? SeenAtTheEnd { get; private set; }

        public List<string?> SeenAmbient { get; } = [];

        public int Now() => Remember();

        public async Task<int> LaterAsync()
        {
            await Task.Yield();
            return Remember();
        }

        public ValueTask<int> MaybeLaterAsync() => new(Remember());

        public IEnumerable<int> Sequence()
        {
            try
            {
                yield return Remember();
                yield return Remember();
            }
            finally
            {
                SeenAtTheEnd = Activity.Current;
            }
        }

        public async IAsyncEnumerable<int> SequenceLaterAsync()
        {
            try
            {
                yield return Remember();
                await Task.Yield();
                yield return Remember();
            }
            finally
            {
                SeenAtTheEnd = Activity.Current;
            }
        }

        private int Remember()
        {
            Seen.Add(Activity.Current);
            SeenAmbient.Add(s_ambient.Value);
            return Seen.Count;
        }
    }
}
