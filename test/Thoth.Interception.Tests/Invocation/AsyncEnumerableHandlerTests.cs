using System.Runtime.CompilerServices;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Invocation;

public class AsyncEnumerableHandlerTests
{
    private static readonly string[] s_completed = ["ToolCallPre/Pre", "ToolCallPost/Post"];
    private static readonly string[] s_failed = ["ToolCallPre/Pre", "ToolCallPost/Error"];
    private static readonly string[] s_blocked = ["ToolCallPre/Pre", "ToolCallBlock/Block"];

    private readonly FeedTools _tools = new();

    public interface IFeedTools
    {
        IAsyncEnumerable<int> ReadAsync(List<int> numbers, CancellationToken cancellationToken = default);
    }

    [Test]
    public async Task Enumeration_Complete_IsOneCall()
    {
        await using var host = GovernedHost.For<IFeedTools>(_tools);

        var elements = await ListAsync(host.Get<IFeedTools>().ReadAsync([1, 2, 3]));

        Assert.That(elements, Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(host.LastArguments, Is.EqualTo("""{"numbers":[1,2,3]}"""));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_completed));
    }

    [Test]
    public async Task Call_NeverEnumerated_IsNoCall()
    {
        await using var host = GovernedHost.For<IFeedTools>(_tools);

        var sequence = host.Get<IFeedTools>().ReadAsync([1]);
        await sequence.GetAsyncEnumerator().DisposeAsync();

        Assert.That(_tools.Runs, Is.Zero);
        Assert.That(host.Enforcer.Requests, Is.Empty);
        Assert.That(await host.EventNamesAsync(), Is.Empty);
    }

    [Test]
    public async Task Enumeration_Again_IsACallOfItsOwn()
    {
        await using var host = GovernedHost.For<IFeedTools>(_tools);
        List<int> numbers = [1];
        var sequence = host.Get<IFeedTools>().ReadAsync(numbers);

        var first = await ListAsync(sequence);
        numbers.Add(2);
        var second = await ListAsync(sequence);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;

        Assert.That(first, Is.EqualTo(new[] { 1 }));
        Assert.That(second, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(host.LastArguments, Is.EqualTo("""{"numbers":[1,2]}"""));
        await Assert.ThrowsAsync<PolicyViolationException>(() => ListAsync(sequence));
        Assert.That(_tools.Runs, Is.EqualTo(2));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo([.. s_completed, .. s_completed, .. s_blocked]));
    }

    [Test]
    public async Task Enumeration_LeftEarly_DisposesTheToolAndEndsTheCall()
    {
        await using var host = GovernedHost.For<IFeedTools>(_tools);

        await foreach (var _ in host.Get<IFeedTools>().ReadAsync([1, 2, 3]))
        {
            break;
        }

        Assert.That(_tools.Disposed, Is.EqualTo(1));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_completed));
    }

    [Test]
    public async Task Enumeration_FailsMidway_GivesTheElementsAndThenTheSameException()
    {
        await using var host = GovernedHost.For<IFeedTools>(_tools);
        var thrown = new InvalidDataException();
        _tools.OnElement = element => element == 2 ? throw thrown : element;
        var seen = new List<int>();

        var caught = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var element in host.Get<IFeedTools>().ReadAsync([1, 2, 3]))
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
        await using var host = GovernedHost.For<IFeedTools>(_tools);
        _tools.OnDispose = () => throw new InvalidDataException();

        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var _ in host.Get<IFeedTools>().ReadAsync([1, 2]))
            {
                break;
            }
        });

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_failed));
    }

    [Test]
    public async Task Enumeration_MovedOnAfterItsEnd_IsTheToolsOwnResult()
    {
        await using var host = GovernedHost.For<IFeedTools>(_tools);
        var sequence = new Tail();
        _tools.Returns = () => sequence;
        await using var elements = host.Get<IFeedTools>().ReadAsync([1]).GetAsyncEnumerator();

        Assert.That(await elements.MoveNextAsync(), Is.False);
        Assert.That(await elements.MoveNextAsync(), Is.True, "as one has that follows a growing file");
        Assert.That(elements.Current, Is.EqualTo(2));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_completed));
    }

    [Test]
    public async Task Enumeration_MovedOnAfterARefusal_HasEndedAndIsNotEvaluated()
    {
        await using var host = GovernedHost.For<IFeedTools>(_tools);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
        await using var elements = host.Get<IFeedTools>().ReadAsync([1]).GetAsyncEnumerator();

        Assert.That(async () => await elements.MoveNextAsync(), Throws.InstanceOf<PolicyViolationException>());
        host.Enforcer.Decide = _ => ScriptedEnforcer.Allow;

        Assert.That(await elements.MoveNextAsync(), Is.False);
        Assert.That(elements.Current, Is.Zero);
        Assert.That(_tools.Runs, Is.Zero);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_blocked));
    }

    [Test]
    public async Task Enumeration_ArgumentChangesWhileItIsDecided_IsBlocked()
    {
        await using var host = GovernedHost.For<IFeedTools>(_tools);
        var gate = new TaskCompletionSource();
        host.Enforcer.DecideAfter(gate.Task);
        List<int> numbers = [1];

        var enumeration = ListAsync(host.Get<IFeedTools>().ReadAsync(numbers));
        numbers.Add(999);
        gate.SetResult();

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => enumeration);
        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsChanged));
        Assert.That(_tools.Runs, Is.Zero);
    }

    [Test]
    public async Task Enumeration_ToolReturnsNull_FailsAsEnumeratingNullDoes()
    {
        await using var host = GovernedHost.For<IFeedTools>(_tools);
        _tools.Returns = () => null;

        await Assert.ThrowsAsync<NullReferenceException>(() => ListAsync(host.Get<IFeedTools>().ReadAsync([1])));

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_failed));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    [TestCase(true, true)]
    public async Task Enumeration_CancelledByTheCaller_ReachesTheTool(bool asArgument, bool withCancellation)
    {
        await using var host = GovernedHost.For<IFeedTools>(_tools);
        using var source = new CancellationTokenSource();
        using var other = new CancellationTokenSource();
        _tools.OnElement = element =>
        {
            source.Cancel();
            return element;
        };
        var argument = asArgument ? withCancellation ? other.Token : source.Token : default;

        var sequence = host.Get<IFeedTools>().ReadAsync([1, 2, 3], argument);
        var enumeration = ListAsync(sequence, withCancellation ? source.Token : default);

        await Assert.CatchAsync<OperationCanceledException>(() => enumeration);
        Assert.That(_tools.Seen, Is.EqualTo(1));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallPost/Cancelled"]));
    }

    [Test]
    public async Task Enumeration_CancelledDuringTheDecision_DoesNotRunTheTool([Values] bool asArgument)
    {
        await using var host = GovernedHost.For<IFeedTools>(_tools);
        using var source = new CancellationTokenSource();
        host.Enforcer.DecideAsync = async (_, token) =>
        {
            await new TaskCompletionSource().Task.WaitAsync(token);
            return ScriptedEnforcer.Allow;
        };

        var sequence = host.Get<IFeedTools>().ReadAsync([1], asArgument ? source.Token : default);
        var enumeration = ListAsync(sequence, asArgument ? default : source.Token);
        await source.CancelAsync();

        var exception = await Assert.CatchAsync<OperationCanceledException>(() => enumeration);
        Assert.That(exception!.CancellationToken, Is.EqualTo(source.Token), "the one that its caller knows");
        Assert.That(_tools.Runs, Is.Zero);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Cancelled"]));
    }

    [Test]
    public async Task Enumeration_ByTwoReadersAtOnce_IsTwoCalls()
    {
        await using var host = GovernedHost.For<IFeedTools>(_tools);
        var gate = new TaskCompletionSource();
        host.Enforcer.DecideAfter(gate.Task);
        var sequence = host.Get<IFeedTools>().ReadAsync([1, 2]);

        var both = Task.WhenAll(Task.Run(() => ListAsync(sequence)), Task.Run(() => ListAsync(sequence)));
        gate.SetResult();

        Assert.That(await both, Is.EqualTo(new List<int>[] { [1, 2], [1, 2] }));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
        Assert.That(await host.EventNamesAsync(), Is.EquivalentTo([.. s_completed, .. s_completed]));
    }

    [Test]
    public async Task Enumeration_Modified_RunsWithTheNewArguments()
    {
        await using var host = GovernedHost.For<IFeedTools>(_tools);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Modify("""{"numbers":[7]}""");

        Assert.That(await ListAsync(host.Get<IFeedTools>().ReadAsync([1, 2])), Is.EqualTo(new[] { 7 }));
    }

    [Test]
    public async Task Enumeration_CallerBlocksItsOnlyThread_IsNotWaitingForThatThread()
    {
        await using var host = GovernedHost.For<IFeedTools>(_tools);
        var gate = new TaskCompletionSource();
        _tools.Returns = () => Slow(gate.Task);

        var first = await SingleThreadContext.RunAsync(() =>
        {
            var elements = host.Get<IFeedTools>().ReadAsync([1]).GetAsyncEnumerator();
            var moved = elements.MoveNextAsync().AsTask();
            new Thread(gate.SetResult).Start();
#pragma warning disable RS0030 // That callers block is what this test is about: the bare tool lets them.
            moved.Wait();
#pragma warning restore RS0030
            return Task.FromResult(elements.Current);
        });

        Assert.That(first, Is.EqualTo(5));

        static async IAsyncEnumerable<int> Slow(Task gate)
        {
            await gate.ConfigureAwait(false);
            yield return 5;
        }
    }

    private static async Task<List<int>> ListAsync(IAsyncEnumerable<int> sequence, CancellationToken cancellationToken = default)
    {
        var elements = new List<int>();
        await foreach (var element in sequence.WithCancellation(cancellationToken))
        {
            elements.Add(element);
        }

        return elements;
    }

    private sealed class Tail : IAsyncEnumerable<int>, IAsyncEnumerator<int>
    {
        public int Current { get; private set; }

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken) => this;

        public ValueTask<bool> MoveNextAsync() => ValueTask.FromResult(++Current % 2 == 0);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class FeedTools : IFeedTools
    {
        private int _runs;

        public int Runs => _runs;

        public int Disposed { get; private set; }

        public int Seen { get; private set; }

        public Func<int, int> OnElement { get; set; } = element => element;

        public Action? OnDispose { get; set; }

        public Func<IAsyncEnumerable<int>?>? Returns { get; set; }

        public IAsyncEnumerable<int> ReadAsync(List<int> numbers, CancellationToken cancellationToken) =>
            Returns is null ? ElementsAsync(numbers, cancellationToken) : Returns()!;

        private async IAsyncEnumerable<int> ElementsAsync(List<int> numbers, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _runs);
            try
            {
                foreach (var number in numbers)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await Task.Yield();
                    Seen++;
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
}
