using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Thoth.Interception.Arguments;

namespace Thoth.Interception.Tests.Arguments;

public class ImmutableTypesTests
{
    private static readonly Type[] s_immutable =
    [
        typeof(string), typeof(int), typeof(bool), typeof(char), typeof(double), typeof(decimal), typeof(DayOfWeek), typeof(int?), typeof(Guid),
        typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Version), typeof(Int128),
        typeof(UInt128), typeof(System.Numerics.BigInteger),
        typeof(Half), typeof(Index), typeof(Range), typeof(nint), typeof((int, string)), typeof((int, (string, Guid?))),
        typeof(KeyValuePair<string, int>), typeof(Positional), typeof(SealedInit), typeof(ReadOnlyStruct),
        typeof(AssignableStruct), typeof(Leaf), typeof(Tree), typeof(Ping), typeof(ImmutableArray<int>), typeof(ImmutableList<string>),
        typeof(ImmutableDictionary<string, Positional>), typeof(ImmutableSortedSet<int>), typeof(ImmutableArray<ImmutableArray<int>>),
        typeof(SealedOverBase), typeof(Nothing), typeof(Generic<int>),
    ];

    private static readonly Type[] s_mutable =
    [
        typeof(object), typeof(int[]), typeof(string[]), typeof(List<int>), typeof(IReadOnlyList<int>), typeof(IEnumerable<int>),
        typeof(Dictionary<string, int>), typeof(HashSet<int>), typeof(ReadOnlyCollection<int>), typeof(FrozenSet<int>), typeof(FrozenDictionary<string, int>),
        typeof(IImmutableList<int>), typeof(JsonElement), typeof(JsonDocument), typeof(JsonNode), typeof(JsonElement?), typeof(Memory<byte>),
        typeof(ReadOnlyMemory<byte>), typeof(ArraySegment<int>), typeof((int, List<int>)), typeof((int, (string, int[]))),
        typeof(KeyValuePair<string, object>), typeof(Unsealed), typeof(UnsealedRecord), typeof(Settable), typeof(StructWithArray), typeof(OverMutableBase),
        typeof(HoldsUnsealed), typeof(HoldsObject), typeof(Pong), typeof(ImmutableArray<object>), typeof(ImmutableList<List<int>>),
        typeof(ImmutableDictionary<string, int[]>), typeof(Generic<int[]>), typeof(PrivateSetter), typeof(LazyField), typeof(Uri), typeof(IDisposable), typeof(Tuple<int, string>),
    ];

    [TestCaseSource(nameof(s_immutable))]
    public void Contains_ImmutableType_IsTrue(Type type) => Assert.That(ImmutableTypes.Contains(type), Is.True);

    [TestCaseSource(nameof(s_mutable))]
    public void Contains_TypeThatMayChange_IsFalse(Type type) => Assert.That(ImmutableTypes.Contains(type), Is.False);

    [Test]
    public void StillAre_ImmutableArguments_CostsNothing()
    {
        var parameters = new ToolParameters(
            ((Action<string, Positional, int>)((name, value, count) => { })).Method.GetParameters(), ArgumentJson.Default);
        object?[] values = ["a", new Positional(1, "b"), 3];

        var before = GC.GetAllocatedBytesForCurrentThread();
        var same = parameters.AreUnchanged(values, default);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(same, Is.True, "nothing was compared: the approved bytes are empty");
        Assert.That(allocated, Is.Zero);
    }

    private sealed record Positional(int A, string B);

    private record UnsealedRecord(int A);

    private sealed class SealedInit
    {
        public string? Name { get; init; }
    }

    private readonly struct ReadOnlyStruct(int a)
    {
        public int A { get; } = a;
    }

    private struct AssignableStruct
    {
        public int A { get; set; }

        public string B { get; set; }
    }

    private struct StructWithArray
    {
        public int[] A { get; set; }
    }

    private sealed record Leaf(Positional Inner, ImmutableArray<string> Names);

    private sealed record Tree(int Value, Tree? Left, Tree? Right, ImmutableList<Tree> Others);

    private sealed record Ping(Ping? Other, DateTimeOffset At);

    private sealed record Pong(PongPart? Part);

    private sealed record PongPart(Pong? Back, List<int> Hidden);

    private abstract class ReadOnlyBase(int a)
    {
        public int A { get; } = a;
    }

    private sealed class SealedOverBase(int a, string b) : ReadOnlyBase(a)
    {
        public string B { get; } = b;
    }

    private abstract class MutableBase
    {
        public int A { get; set; }
    }

    private sealed class OverMutableBase : MutableBase;

    private sealed class Nothing;

    private sealed record Generic<T>(T Value);

    private class Unsealed
    {
        public int A { get; init; }
    }

    private sealed class Settable
    {
        public int A { get; set; }
    }

    private sealed class PrivateSetter
    {
        public int A { get; private set; }
    }

    private sealed record HoldsUnsealed(Unsealed Inner);

    private sealed record HoldsObject(object Inner);

    private sealed class LazyField
    {
        private readonly Lazy<int> _value = new(() => 1);

        public int Value => _value.Value;
    }
}
