using System.Collections;
using Thoth.Interception.Arguments;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments;

public class LazyArgumentTests
{
    [Test]
    public async Task Call_LazySequence_IsReadOnceAndTheToolGetsWhatTheEnforcerSaw()
    {
        await using var host = WrappedTools.Host();
        var source = new CountedSequence();
        var tool = host.Wrap((IEnumerable<int> ids) => ids.Concat(ids).ToArray());

        var seen = tool(source);

        Assert.That(host.LastArguments, Is.EqualTo("""{"ids":[1,2]}"""));
        Assert.That(seen, Is.EqualTo([1, 2, 1, 2]));
        Assert.That(source.Enumerations, Is.EqualTo(1));
    }

    [Test]
    public async Task Call_LazySequenceOfAnyElements_IsReadOnce()
    {
        await using var host = WrappedTools.Host();
        var source = new CountedSequence();
        var tool = host.Wrap((IEnumerable ids) => ids.Cast<int>().ToArray());

        Assert.That(tool(source), Is.EqualTo([1, 2]));
        Assert.That(source.Enumerations, Is.EqualTo(1));
        Assert.That(host.LastArguments, Is.EqualTo("""{"ids":[1,2]}"""));
    }

    [Test]
    public async Task Call_SequenceThatGivesOthersToEachInterface_GivesTheToolWhatTheEnforcerSaw()
    {
        await using var host = WrappedTools.Host();
        var tool = host.Wrap((IEnumerable<int> ids) => ids.ToArray());

        var seen = tool(new TwoFaced());

        Assert.That(seen, Is.EqualTo([1]));
        Assert.That(host.LastArguments, Is.EqualTo("""{"ids":[1]}"""));
    }

    [Test]
    public async Task Call_CollectionBehindASequence_StaysTheCallersOwn()
    {
        await using var host = WrappedTools.Host();
        IEnumerable<int>? received = null;
        var tool = host.Wrap((IEnumerable<int> ids) => { received = ids; });
        IEnumerable<int>[] collections = [new List<int> { 1 }, new[] { 1 }, new HashSet<int> { 1 }, new Queue<int>([1])];

        foreach (var collection in collections)
        {
            tool(collection);

            Assert.That(received, Is.SameAs(collection));
        }
    }

    [Test]
    public async Task Call_CollectionByOneInterfaceAlone_StaysTheCallersOwn()
    {
        await using var host = WrappedTools.Host();
        IEnumerable<int>? received = null;
        var tool = host.Wrap((IEnumerable<int> ids) => { received = ids; });
        IEnumerable<int>[] collections = [new Written(), new ReadOnly(), new Untyped()];

        foreach (var collection in collections)
        {
            tool(collection);

            Assert.That(received, Is.SameAs(collection));
            Assert.That(host.LastArguments, Is.EqualTo("""{"ids":[1]}"""));
        }
    }

    [Test]
    public async Task Call_TextAsASequence_StaysText()
    {
        await using var host = WrappedTools.Host();
        IEnumerable<char>? received = null;
        var tool = host.Wrap((IEnumerable<char> text) => { received = text; });

        tool("ab");

        Assert.That(received, Is.EqualTo((object)"ab").And.InstanceOf<string>());
    }

    [Test]
    public async Task Call_NoSequence_IsNullForBoth()
    {
        await using var host = WrappedTools.Host();
        var seen = new List<object?>();
        var tool = host.Wrap((IEnumerable<int>? ids, IEnumerable? others) => seen.AddRange([ids, others]));

        tool(null, null);

        Assert.That(seen, Is.EqualTo(new object?[] { null, null }));
        Assert.That(host.LastArguments, Is.EqualTo("""{"ids":null,"others":null}"""));
    }

    [Test]
    public async Task Call_SequenceThatCanBeReadOnlyOnce_ReachesTheToolWhole([Values] ArgumentIsolation isolation)
    {
        await using var host = WrappedTools.Host();
        var tool = host.Wrap((IEnumerable<int> ids) => ids.ToArray(), new WrappedToolOptions { Arguments = isolation });

        Assert.That(tool(new OneShot()), Is.EqualTo([1, 2]));
        Assert.That(host.LastArguments, Is.EqualTo("""{"ids":[1,2]}"""));
    }

    [Test]
    public async Task Call_SequenceInsideAnArgument_IsRunOnceAndTheToolGetsWhatWasShown([Values] ArgumentIsolation isolation)
    {
        await using var host = WrappedTools.Host();
        var sources = Enumerable.Range(0, 4).Select(_ => new CountedSequence()).ToArray();
        var options = new WrappedToolOptions { Arguments = isolation };
        int[] Sum(IEnumerable<int> ids) => [.. ids, .. ids];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Wrap((Holder holder) => Sum(holder.Ids!), options)(new Holder { Ids = sources[0] }), Is.EqualTo([1, 2, 1, 2]));
            Assert.That(host.Wrap((Batch batch) => Sum(batch.Ids), options)(new Batch(sources[1])), Is.EqualTo([1, 2, 1, 2]));
            Assert.That(host.Wrap((List<IEnumerable<int>> all) => Sum(all[0]), options)([sources[2]]), Is.EqualTo([1, 2, 1, 2]));
            Assert.That(
                host.Wrap((int id, Dictionary<string, IEnumerable<int>> all) => Sum(all["a"]), options)(1, new() { ["a"] = sources[3] }), Is.EqualTo([1, 2, 1, 2]));
            Assert.That(host.Wrap((Batch batch) => Sum(batch.Ids), options)(new Batch(new OneShot())), Is.EqualTo([1, 2, 1, 2]));
            Assert.That(sources.Select(source => source.Enumerations), Is.All.EqualTo(1));
        }
    }

    [Test]
    public async Task Call_SequenceInsideAnArgumentThatCannotBeReadBack_IsBlockedAfterOneRun()
    {
        await using var host = WrappedTools.Host();
        var source = new CountedSequence();
        var tool = host.Wrap((Closed closed) => { });

        var exception = Assert.Throws<PolicyViolationException>(() => tool(new Closed(source)));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsNotSerializable));
        Assert.That(exception.Message, Does.Contain("lazy sequence").And.Contain("a list or an array"));
        Assert.That(source.Enumerations, Is.EqualTo(1));
        Assert.That(host.Enforcer.Requests, Is.Empty);
    }

    [Test]
    public async Task Call_IteratorBehindObject_IsRunOnce()
    {
        await using var host = WrappedTools.Host();
        var runs = 0;
        IEnumerable<int> Run()
        {
            runs++;
            yield return 1;
        }

        Assert.That(host.Wrap((object ids) => ((IEnumerable<int>)ids).ToArray())(Run()), Is.EqualTo([1]));
        Assert.Throws<PolicyViolationException>(() => host.Wrap((object[] ids) => { })([Run()]));
        Assert.That(runs, Is.EqualTo(2), "the second was run to be shown");
        Assert.Throws<PolicyViolationException>(() => host.Wrap((IOrderedEnumerable<int> ids) => { })(Run().OrderBy(id => id)));
        Assert.That(runs, Is.EqualTo(3), "the third was run to be shown");
    }

    [Test]
    public async Task Call_LazySequenceWhoseDeclaredTypeSaysNothing_IsBlockedAfterOneRun()
    {
        await using var host = WrappedTools.Host();
        var sources = Enumerable.Range(0, 10).Select(_ => new CountedSequence()).ToArray();

        using (Assert.EnterMultipleScope())
        {
            Blocked((object value) => { }, sources[0]);
            Blocked((ArrayList value) => { }, new ArrayList { sources[1] });
            Blocked((Stack value) => { }, new Stack(new[] { sources[2] }));
            Blocked((Hashtable value) => { }, new Hashtable { ["k"] = sources[3] });
            Blocked((IDictionary value) => { }, new Dictionary<string, IEnumerable<int>> { ["k"] = sources[4] });
            Blocked((IList value) => { }, new List<IEnumerable<int>> { sources[5] });
            Blocked((ICollection value) => { }, new List<IEnumerable<int>> { sources[6] });
            Blocked((Array value) => { }, new IEnumerable<int>[] { sources[7] });
            Blocked((Dictionary<string, object> value) => { }, new Dictionary<string, object> { ["k"] = new Holder { Ids = sources[8] } });
            Blocked((IEnumerable value) => { }, new List<IEnumerable<int>> { sources[9] });
            Blocked((object[] value) => { }, (object[])[new OneShot()]);
            Assert.That(sources.Select(source => source.Enumerations), Is.All.EqualTo(1));
        }

        void Blocked<T>(Action<T> tool, T value) => Assert.That(
            () => host.Wrap(tool)(value),
            Throws.InstanceOf<PolicyViolationException>().With.Property("SdkReasonCode").EqualTo(SdkReasonCodes.ToolArgsNotSerializable), $"{typeof(T)}");
    }

    [Test]
    public async Task Call_CollectionBehindAnUntypedSequence_StaysTheCallersOwn()
    {
        await using var host = WrappedTools.Host();
        object? received = null;
        var tool = host.Wrap((IEnumerable value) => { received = value; });
        IDictionary<string, object?> bag = new System.Dynamic.ExpandoObject();
        bag["a"] = 1;
        IEnumerable[] collections = [new HashSet<int> { 1 }, bag, new Written(), new ReadOnly(), System.Collections.Immutable.ImmutableQueue.Create(1), "text"];

        foreach (var collection in collections)
        {
            tool(collection);

            Assert.That(received, Is.SameAs(collection));
        }
    }

    [Test]
    public async Task Call_CapturedInObserveMode_LeavesTheSequenceToTheTool()
    {
        await using var host = WrappedTools.Host(options =>
        {
            options.Enforcement = EnforcementMode.Observe;
            options.Events.Capture = EventCapture.Arguments;
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Wrap((IEnumerable<int> value) => value.ToArray())(new OneShot()), Is.EqualTo([1, 2]));
            Assert.That(host.Wrap((IEnumerable value) => value.Cast<int>().ToArray())(new OneShot()), Is.EqualTo([1, 2]));
            Assert.That(host.Wrap((object value) => ((OneShot)value).ToArray())(new OneShot()), Is.EqualTo([1, 2]));
            Assert.That(host.Wrap((OneShot value) => value.ToArray())(new OneShot()), Is.EqualTo([1, 2]));
            Assert.That(host.Wrap((Batch value) => value.Ids.ToArray())(new Batch(new OneShot())), Is.EqualTo([1, 2]));
            Assert.That(host.Wrap((List<OneShot> value) => value[0].ToArray())([new OneShot()]), Is.EqualTo([1, 2]));
            Assert.That(host.Wrap((ArrayList value) => ((OneShot)value[0]!).ToArray())([new OneShot()]), Is.EqualTo([1, 2]));
            Assert.That((await host.EventsAsync()).Select(e => e.CapturedArguments.Length), Is.All.Zero);
        }
    }

    [Test]
    public async Task Call_CapturedInObserveModeWithoutASequence_KeepsTheArguments()
    {
        await using var host = WrappedTools.Host(options =>
        {
            options.Enforcement = EnforcementMode.Observe;
            options.Events.Capture = EventCapture.Arguments;
        });

        host.Wrap((IEnumerable<int> value) => { })([1, 2]);

        Assert.That(
            (await host.EventsAsync()).Select(e => System.Text.Encoding.UTF8.GetString(e.CapturedArguments.Span)), Is.All.EqualTo("""{"value":[1,2]}"""));
    }

    [Test]
    public async Task Call_LazySequenceUnderCopy_IsReadOnce()
    {
        await using var host = WrappedTools.Host();
        var source = new CountedSequence();
        var tool = host.Wrap(
            (IEnumerable<int> ids) => ids.ToArray(), new WrappedToolOptions { Arguments = ArgumentIsolation.Copy });

        Assert.That(tool(source), Is.EqualTo([1, 2]));
        Assert.That(source.Enumerations, Is.EqualTo(1));
    }

    [Test]
    public async Task Call_EndlessSequence_IsReadNoFurtherThanFits()
    {
        await using var host = WrappedTools.Host();
        var read = 0;
        var tool = host.Wrap((IEnumerable<int> ids) => ids.Count());

        var exception = Assert.Throws<PolicyViolationException>(() => tool(Endless()));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsNotSerializable));
        Assert.That(read, Is.LessThanOrEqualTo((ArgumentJson.MaxBytes / 2) + 1));

        IEnumerable<int> Endless()
        {
            for (; read < 2 * ArgumentJson.MaxBytes; read++)
            {
                yield return 1;
            }
        }
    }

    [Test]
    public async Task Call_InObserveMode_LeavesTheSequenceAlone()
    {
        await using var host = WrappedTools.Host(options => options.Enforcement = EnforcementMode.Observe);
        var source = new CountedSequence();
        IEnumerable<int>? received = null;
        var tool = host.Wrap((IEnumerable<int> ids) => { received = ids; });

        tool(source);

        Assert.That(received, Is.SameAs(source));
        Assert.That(source.Enumerations, Is.Zero);
    }

    private sealed class Holder
    {
        public IEnumerable<int>? Ids { get; set; }
    }

    private sealed record Batch(IEnumerable<int> Ids);

    private sealed class Closed(IEnumerable<int> ids)
    {
        public IEnumerable<int> Numbers { get; } = ids;
    }

    private sealed class CountedSequence : IEnumerable<int>
    {
        // No public member: one that is not a collection's own would be refused before anything is read.
        internal int Enumerations { get; private set; }

        public IEnumerator<int> GetEnumerator()
        {
            Enumerations++;
            yield return 1;
            yield return 2;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class OneShot : IEnumerable<int>
    {
        private readonly Queue<int> _left = new([1, 2]);

        public IEnumerator<int> GetEnumerator()
        {
            while (_left.TryDequeue(out var next))
            {
                yield return next;
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private abstract class One : IEnumerable<int>
    {
        public int Count => 1;

        public bool IsReadOnly => true;

        public IEnumerator<int> GetEnumerator() => Enumerable.Repeat(1, 1).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class ReadOnly : One, IReadOnlyCollection<int>;

    private sealed class Written : One, ICollection<int>
    {
        public void Add(int item) => throw new NotSupportedException();

        public void Clear() => throw new NotSupportedException();

        public bool Contains(int item) => item == 1;

        public void CopyTo(int[] array, int arrayIndex) => array[arrayIndex] = 1;

        public bool Remove(int item) => throw new NotSupportedException();
    }

    private sealed class Untyped : One, ICollection
    {
        public bool IsSynchronized => false;

        public object SyncRoot => this;

        public void CopyTo(Array array, int index) => array.SetValue(1, index);
    }

    private sealed class TwoFaced : IEnumerable<int>
    {
        public IEnumerator<int> GetEnumerator()
        {
            yield return 1;
        }

        IEnumerator IEnumerable.GetEnumerator() => new[] { 2 }.GetEnumerator();
    }
}
