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
    public async Task Call_SequenceThatCanBeReadOnlyOnceInsideAnObject_IsBlockedRatherThanEmpty()
    {
        await using var host = WrappedTools.Host();
        var ran = false;
        var tool = host.Wrap((Holder holder) => { ran = true; });

        var exception = Assert.Throws<PolicyViolationException>(() => tool(new Holder { Ids = new OneShot() }));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsChanged));
        Assert.That(ran, Is.False);
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

    private sealed class CountedSequence : IEnumerable<int>
    {
        public int Enumerations { get; private set; }

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
