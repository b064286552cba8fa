using System.Collections;
using System.Text.Json.Serialization;
using Thoth.Interception.Arguments;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments;

/// <summary>A collection with members besides its elements is refused wherever it stands and whatever its elements are.</summary>
public class CollectionMemberTests
{
    private static readonly Order s_order = new() { Id = 1 };

    private static readonly object[] s_more =
    [
        new TaggedList<Order> { s_order }, new TaggedList<int> { 1 }, new TaggedList<IOrder> { s_order }, new TaggedList<object> { 1 }, new TaggedList<List<Order>> { new() },
        new TaggedMap<Order> { ["a"] = s_order }, new TaggedMap<string> { ["a"] = "b" }, new TaggedMap<IOrder>(),
        new Page<Order>(s_order), new Page<int>(1), new Page<IOrder>(s_order), new SecretlyTagged<Order> { s_order }, new SecretlyTagged<int> { 1 },
        new TaggedByDefault<Order> { s_order }, new TaggedField<Order> { s_order }, new Stored<Order> { s_order }, new Stored<int> { 1 }, new Keyed<Order> { s_order },
        new[] { s_order }.GroupBy(order => "k").Single(), new[] { s_order }.ToLookup(order => "k"),
    ];

    [TestCaseSource(nameof(s_more))]
    public void Write_CollectionWithMembers_IsRefusedBehindEachUntypedPlace(object collection)
    {
        using (Assert.EnterMultipleScope())
        {
            Refused(collection);
            Refused((IEnumerable)collection);
            Refused(new ArrayList { collection });
            Refused<IList>(new List<object> { collection });
            Refused<IEnumerable>(new[] { collection });
            Refused(new Dictionary<string, object> { ["a"] = collection });
            Refused(new Held<object>(collection));
            Refused(new Held<IEnumerable>((IEnumerable)collection));
            Refused(new Hashtable { ["a"] = collection });
        }
    }

    [Test]
    public void Write_CollectionWithMembers_IsRefusedAtEachTypedPlace()
    {
        var (list, map, page) = (new TaggedList<Order> { s_order }, new TaggedMap<Order> { ["a"] = s_order }, new Page<Order>(s_order));

        using (Assert.EnterMultipleScope())
        {
            Refused(list);
            Refused(map);
            Refused(page);
            Refused<List<Order>>(list);
            Refused<IEnumerable<Order>>(list);
            Refused<IEnumerable<IOrder>>(list);
            Refused<IEnumerable<Order>>(page);
            Refused<IEnumerable<object>>(page);
            Refused<Dictionary<string, Order>>(map);
            Refused<IReadOnlyDictionary<string, Order>>(map);
            Refused(new Held<TaggedList<Order>>(list));
            Refused(new Held<TaggedList<IOrder>>([s_order]));
            Refused(new Held<IEnumerable<Order>>(page));
            Refused(new Held<Page<Order>>(page));
            Refused(new[] { list });
            Refused(new List<IEnumerable<Order>> { page });
            Refused<ICollection>(new List<IGrouping<string, Order>>(new[] { s_order }.GroupBy(order => "k")));
            Refused(new[] { s_order }.GroupBy(order => "k"));
        }
    }

    [Test]
    public void Registration_CollectionWithMembers_IsRefused()
    {
        foreach (var type in (Type[])[typeof(TaggedList<Order>), typeof(TaggedMap<IOrder>), typeof(Page<Order>), typeof(Held<TaggedList<IOrder>>)])
        {
            var tool = typeof(Action<>).MakeGenericType(type).GetMethod("Invoke")!;

            Assert.That(new ToolParameters(tool.GetParameters(), ArgumentJson.Default).ObstaclesTo(ArgumentIsolation.Verify), Has.Count.EqualTo(1), $"{type}");
        }
    }

    [Test]
    public void Write_CollectionWithoutStateOfItsOwn_IsItsElements()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(WrappedTools.Shown<object>(new Excluding { 1 }), Is.EqualTo("[1]"));
            Assert.That(WrappedTools.Shown<IReadOnlyCollection<int>>(new Excluding { 1 }), Is.EqualTo("[1]"));
            Assert.That(WrappedTools.Shown(new OwnMap()), Is.EqualTo("""{"a":{"Id":1}}"""));
            Assert.That(WrappedTools.Shown<object>(new OwnMap()), Is.EqualTo("""{"a":{"Id":1}}"""));
        }
    }

    [Test]
    public void Write_ArrayWithDimensionsThatJsonHasNot_IsRefused()
    {
        var square = new[,] { { 1, 2 }, { 3, 4 } };

        using (Assert.EnterMultipleScope())
        {
            Refused<IList>(square, "dimensions");
            Refused<ICollection>(square, "dimensions");
            Refused<IEnumerable>(square, "dimensions");
            Refused<Array>(square, "dimensions");
            Refused<IEnumerable>(new Order[1, 1], "dimensions");
            Refused<IList>(Array.CreateInstance(typeof(int), [2], [1]), "dimensions");
            Refused(new Held<IEnumerable>(square), "dimensions");
            Refused(new List<IList> { square }, "dimensions");
            Refused<object>(square, "System.Int32[,]");
            Refused(new ArrayList { square }, "System.Int32[,]");
        }
    }

    private static void Refused<T>(T value, string why = "besides its elements")
    {
        var parameters = new ToolParameters(((Action<T>)(static value => { })).Method.GetParameters(), ArgumentJson.Default);
        Assert.That(
            () => parameters.Serialize([value]), Throws.InstanceOf<ArgumentNotSerializableException>().With.Message.Contains(why), $"{value!.GetType()} as {typeof(T)}");
    }

    private interface IOrder
    {
        int Id { get; }
    }

    private interface ITagged
    {
        string Tag { get; }
    }

    private interface ITaggedByDefault
    {
        string Tag => "tag";
    }

    private class Order : IOrder
    {
        public int Id { get; set; }
    }

    private sealed record Held<T>(T Value);

    private sealed class TaggedList<T> : List<T>
    {
        public string Tag { get; set; } = "tag";
    }

    private sealed class TaggedMap<T> : Dictionary<string, T>
    {
        public string Tag { get; set; } = "tag";
    }

    private sealed class TaggedField<T> : List<T>
    {
        public string Tag = "tag";
    }

    private sealed class SecretlyTagged<T> : List<T>, ITagged
    {
        string ITagged.Tag => "tag";
    }

    private sealed class TaggedByDefault<T> : List<T>, ITaggedByDefault;

    /// <summary>The name is one that collections have, but here it is state.</summary>
    private sealed class Stored<T> : List<T>
    {
        public int Length { get; set; } = 7;
    }

    private sealed class Keyed<T> : List<T>
    {
        private readonly string[] _keys = ["k"];

        public IEnumerable<string> Keys => _keys;
    }

    private sealed class Page<T>(T only) : IEnumerable<T>
    {
        private readonly T[] _items = [only];

        public int Number { get; set; } = 4;

        public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class Excluding : List<int>, ITagged
    {
        [JsonIgnore]
        public string Note { get; set; } = "note";

        [JsonIgnore]
        string ITagged.Tag => "tag";

        public bool IsEmpty => Count == 0;
    }

    private sealed class OwnMap : IReadOnlyDictionary<string, Order>
    {
        private readonly Dictionary<string, Order> _map = new() { ["a"] = s_order };

        public IEnumerable<string> Keys => _map.Keys;

        public IEnumerable<Order> Values => _map.Values;

        public int Count => _map.Count;

        public Order this[string key] => _map[key];

        public bool ContainsKey(string key) => _map.ContainsKey(key);

        public IEnumerator<KeyValuePair<string, Order>> GetEnumerator() => _map.GetEnumerator();

        public bool TryGetValue(string key, out Order value) => _map.TryGetValue(key, out value!);

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
