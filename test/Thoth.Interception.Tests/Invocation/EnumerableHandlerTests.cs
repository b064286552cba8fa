using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Invocation;

public class EnumerableHandlerTests
{
    private static readonly string[] s_completed = ["ToolCallPre/Pre", "ToolCallPost/Post"];
    private static readonly string[] s_failed = ["ToolCallPre/Pre", "ToolCallPost/Error"];
    private static readonly string[] s_blocked = ["ToolCallPre/Pre", "ToolCallBlock/Block"];

    private readonly ListTools _tools = new();

    public interface IListTools
    {
        IEnumerable<int> List(List<int> numbers);

        IEnumerable ListAnything(string what);
    }

    [TestCaseSource(nameof(Collections))]
    public async Task Call_ReturnsACollection_GivesTheSameObject(IEnumerable<int>? collection)
    {
        await using var host = GovernedHost.For<IListTools>(_tools);
        _tools.OnList = _ => collection!;

        Assert.That(host.Get<IListTools>().List([1]), Is.SameAs(collection));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_completed));
    }

    public static IEnumerable<TestCaseData> Collections() =>
        new IEnumerable<int>?[] { new List<int> { 1 }, new[] { 1 }, new HashSet<int> { 1 }, ImmutableArray.Create(1), new Queue<int>(), null }
            .Select(collection => new TestCaseData(collection).SetArgDisplayNames(collection?.GetType().Name ?? "null"));

    [Test]
    public async Task Call_ReturnsALazySequence_AsksAtTheCallAndEndsWithTheFirstEnumeration()
    {
        await using var host = GovernedHost.For<IListTools>(_tools);

        var sequence = host.Get<IListTools>().List([1, 2]);
        var before = (host.Enforcer.Requests.Count, _tools.Runs, (await host.EventNamesAsync()).Length);

        Assert.That(sequence.ToList(), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(before, Is.EqualTo((1, 0, 1)));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_completed));
    }

    [Test]
    public async Task Call_Blocked_ThrowsAtTheCall()
    {
        await using var host = GovernedHost.For<IListTools>(_tools);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;

        Assert.Throws<PolicyViolationException>(() => host.Get<IListTools>().List([1]));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_blocked));
    }

    [Test]
    public async Task Enumeration_Again_IsACallOfItsOwn()
    {
        await using var host = GovernedHost.For<IListTools>(_tools);
        var sequence = host.Get<IListTools>().List([1, 2]);

        var (first, second) = (sequence.ToList(), sequence.ToList());
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;

        Assert.That((first, second), Is.EqualTo((new List<int> { 1, 2 }, new List<int> { 1, 2 })));
        Assert.Throws<PolicyViolationException>(() => sequence.ToList());
        Assert.That(_tools.Runs, Is.EqualTo(2));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo([.. s_completed, .. s_completed, .. s_blocked]));
    }

    [Test]
    public async Task Enumeration_ArgumentChangedBeforeTheFirstElement_IsBlocked()
    {
        await using var host = GovernedHost.For<IListTools>(_tools);
        List<int> numbers = [1];
        var sequence = host.Get<IListTools>().List(numbers);

        numbers.Add(999);

        var exception = Assert.Throws<PolicyViolationException>(() => sequence.ToList());
        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsChanged));
        Assert.That(_tools.Runs, Is.Zero);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_blocked));
    }

    [Test]
    public async Task Enumeration_ArgumentChangedButCopied_SeesWhatWasApproved()
    {
        await using var host = GovernedHost.For<IListTools>(_tools, govern: o => o.Arguments = ArgumentIsolation.Copy);
        List<int> numbers = [1];
        var sequence = host.Get<IListTools>().List(numbers);

        numbers.Add(999);

        Assert.That(sequence.ToList(), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public async Task Enumeration_LeftEarly_DisposesTheToolAndEndsTheCall()
    {
        await using var host = GovernedHost.For<IListTools>(_tools);

        Assert.That(host.Get<IListTools>().List([1, 2]).First(), Is.EqualTo(1));

        Assert.That(_tools.Disposed, Is.EqualTo(1));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_completed));
    }

    [Test]
    public async Task Enumeration_FailsMidway_GivesTheElementsAndThenTheSameException()
    {
        await using var host = GovernedHost.For<IListTools>(_tools);
        var thrown = new InvalidDataException();
        _tools.OnElement = element => element == 2 ? throw thrown : element;
        var seen = new List<int>();

        var caught = Assert.Throws<InvalidDataException>(() =>
        {
            foreach (var element in host.Get<IListTools>().List([1, 2, 3]))
            {
                seen.Add(element);
            }
        });

        Assert.That(caught, Is.SameAs(thrown));
        Assert.That(seen, Is.EqualTo(new[] { 1 }));
        Assert.That(_tools.Disposed, Is.EqualTo(1));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_failed));
    }

    [Test]
    public async Task Enumeration_FailsWhenLeft_IsAFailedCall()
    {
        await using var host = GovernedHost.For<IListTools>(_tools);
        _tools.OnDispose = () => throw new InvalidDataException();

        Assert.Throws<InvalidDataException>(() => host.Get<IListTools>().List([1, 2]).First());

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_failed));
    }

    [Test]
    public async Task Call_NeverEnumerated_IsEndedByTheGarbageCollector()
    {
        await using var host = GovernedHost.For<IListTools>(_tools);

        CallOnly(host);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.That(_tools.Runs, Is.Zero);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Cancelled"]));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CallOnly(GovernedHost host) => host.Get<IListTools>().List([1]);

    [Test]
    public async Task Call_ReturnsAnUntypedSequence_IsGovernedAlike()
    {
        await using var host = GovernedHost.For<IListTools>(_tools);
        var sequence = host.Get<IListTools>().ListAnything("words");

        Assert.That(sequence, Is.EqualTo(new object[] { "words", 1 }));
        Assert.That(sequence.Cast<object>().Count(), Is.EqualTo(2));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo([.. s_completed, .. s_completed]));
    }

    [Test]
    public async Task Enumeration_TypedAndUntypedEnumeratorsDiffer_UsesTheOneThatTheCallerWouldUse()
    {
        await using var host = GovernedHost.For<IListTools>(_tools);
        _tools.OnList = _ => new TwoFaced();

        Assert.That(host.Get<IListTools>().List([1]).ToList(), Is.EqualTo(new[] { 42 }));
    }

    [Test]
    public async Task Enumeration_FailsAndFailsToBeLeft_IsRecordedAsItsFirstFailure()
    {
        await using var host = GovernedHost.For<IListTools>(_tools);
        _tools.OnList = _ => new TwiceFailing();

        Assert.That(() => host.Get<IListTools>().List([1]).ToList(), Throws.TypeOf<TimeoutException>(), "as without the proxy");

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_failed));
        Assert.That((await host.EventsAsync())[^1].ErrorType, Is.EqualTo(typeof(InvalidDataException).FullName));
    }

    [Test]
    public async Task Enumeration_ByManyThreads_IsACallForEach()
    {
        await using var host = GovernedHost.For<IListTools>(_tools);
        var sequence = host.Get<IListTools>().List([1, 2]);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => sequence.ToList())));

        Assert.That(results, Is.All.EqualTo(new[] { 1, 2 }));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(8));
        Assert.That((await host.EventNamesAsync()).CountBy(name => name), Is.EquivalentTo(new Dictionary<string, int>
        {
            ["ToolCallPre/Pre"] = 8,
            ["ToolCallPost/Post"] = 8,
        }));
    }

    private sealed class ListTools : IListTools
    {
        private int _runs;

        public int Runs => _runs;

        public int Disposed { get; private set; }

        public Func<int, int> OnElement { get; set; } = element => element;

        public Action? OnDispose { get; set; }

        public Func<List<int>, IEnumerable<int>>? OnList { get; set; }

        public IEnumerable<int> List(List<int> numbers) => OnList is null ? Lazily(numbers) : OnList(numbers);

        public IEnumerable ListAnything(string what)
        {
            yield return what;
            yield return 1;
        }

        private IEnumerable<int> Lazily(List<int> numbers)
        {
            Interlocked.Increment(ref _runs);
            try
            {
                foreach (var number in numbers)
                {
                    yield return OnElement(number);
                }
            }
            finally
            {
                Disposed++;
                OnDispose?.Invoke();
            }
        }
    }

    private sealed class TwiceFailing : IEnumerable<int>, IEnumerator<int>
    {
        public int Current => 0;

        object IEnumerator.Current => 0;

        public IEnumerator<int> GetEnumerator() => this;

        IEnumerator IEnumerable.GetEnumerator() => this;

        public bool MoveNext() => throw new InvalidDataException();

        public void Reset()
        {
        }

        public void Dispose() => throw new TimeoutException();
    }

    private sealed class TwoFaced : IEnumerable<int>
    {
        public IEnumerator<int> GetEnumerator() => Enumerable.Repeat(42, 1).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => throw new NotSupportedException();
    }
}
