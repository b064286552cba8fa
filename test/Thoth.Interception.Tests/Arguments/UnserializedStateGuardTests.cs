using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.Specialized;
using System.Numerics;
using System.Security;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using Thoth.Interception.Arguments;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments;

/// <summary>What System.Text.Json would write without a part of it is refused: the enforcer would decide blindly.</summary>
public class UnserializedStateGuardTests
{
    private static readonly object[] s_hiding =
    [
        new PrivateState("x"), new PrivateStruct(1), new Recipients { "a" }, new BlindCopies { "a" }, new OwnedMap { ["a"] = 1 }, new FieldList(),
        new StringBuilder("content"), BigInteger.Parse("12345678901234567890"), new Regex("pattern"), new SecureString(),
        new NameValueCollection { ["key"] = "value" }, new UriBuilder("https://a/"), Document(), new[] { 1, 2 }.ToLookup(i => i % 2),
    ];

    private static readonly object[] s_shown =
    [
        new object(), new Empty(), new Complex(1, 2), new Vector3(1, 2, 3), Tuple.Create(1, "a"), new Version(1, 2), new Uri("https://a/"),
        new Index(1, true), new Range(1, 2), new List<int> { 1 }, new HashSet<int> { 1 }, new SortedSet<int> { 1 }, new Queue<int>([1]),
        new LinkedList<int>([1]), new SortedList<string, int> { ["a"] = 1 }, new Hashtable { ["a"] = 1 }, new ArrayList { 1 },
        new ArraySegment<int>([1, 2, 3], 1, 1), new BitArray([true]), new StringCollection { "a" }, Enumerable.Range(1, 3),
        new[] { 1, 2 }.Where(i => i > 1), System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary([KeyValuePair.Create("a", 1)]),
        new System.Collections.ObjectModel.ObservableCollection<int> { 1 }, new System.Collections.Concurrent.ConcurrentDictionary<string, int> { ["a"] = 1 },
        System.Collections.Immutable.ImmutableSortedDictionary<string, int>.Empty.Add("a", 1), new DictionaryEntry("a", 1),
    ];

    [TestCaseSource(nameof(s_hiding))]
    public void Write_TypeThatWouldHideState_IsRefused(object value)
    {
        Assert.That(() => WrappedTools.Shown(value), Throws.InstanceOf<ArgumentNotSerializableException>());
    }

    [TestCaseSource(nameof(s_hiding))]
    public void Write_TypeThatWouldHideStateInsideAnother_IsRefused(object value)
    {
        Assert.That(() => WrappedTools.Shown(new Dictionary<string, object[]> { ["a"] = [value] }), Throws.InstanceOf<ArgumentNotSerializableException>());
    }

    [TestCaseSource(nameof(s_shown))]
    public void Write_TypeThatShowsAllOfItself_IsWritten(object value)
    {
        Assert.That(WrappedTools.Shown(value), Is.Not.Empty);
    }

    [Test]
    public void Write_TypeOfTheApplication_IsTrustedWhateverItsFieldsAreCalled() =>
        Assert.That(WrappedTools.Shown(new Price(199)), Is.EqualTo("""{"Amount":1.99}"""));

    [Test]
    public void Write_MemberOfTheFrameworkUnderAnotherName_IsShown() =>
        Assert.That(WrappedTools.Shown(new System.ThothTests.Sum(3)), Is.EqualTo("""{"sum":3}"""));

    [Test]
    public void Write_CollectionWithAMemberBehindItsBaseType_IsRefused()
    {
        var recipients = new Recipients { "a" };

        using (Assert.EnterMultipleScope())
        {
            Refused<List<string>>(recipients);
            Refused<IEnumerable<string>>(recipients);
            Refused<IReadOnlyList<string>>(recipients);
            Refused(new Mail { To = recipients });
            Refused<List<List<string>>>([recipients]);
            Refused(new Dictionary<string, IList<string>> { ["a"] = recipients });
            Refused<Dictionary<string, int>>(new OwnedMap { ["a"] = 1 });
        }

        static void Refused<T>(T value) =>
            Assert.That(() => WrappedTools.Shown(value), Throws.InstanceOf<ArgumentNotSerializableException>(), typeof(T).ToString());
    }

    [Test]
    public void Write_CollectionWithTheUsualMembersOfCollections_IsItsElements() =>
        Assert.That(WrappedTools.Shown(new UsualMembers()), Is.EqualTo("[1]"));

    [Test]
    public void Write_CollectionOfTheFrameworkWithMembersOfItsOwn_IsItsElements()
    {
        // First, Min, KeyComparer, Items, BoundedCapacity, Offset: all but the bound of the queue follows from the elements.
        using (Assert.EnterMultipleScope())
        {
            Shown<IReadOnlyCollection<int>>(new LinkedList<int>([1]));
            Shown<IReadOnlyCollection<int>>(new SortedSet<int> { 1 });
            Shown<IReadOnlyCollection<int>>(ImmutableSortedSet.Create(1));
            Shown<IReadOnlyCollection<int>>(new[] { 1 }.ToFrozenSet());
            Shown<IReadOnlyCollection<int>>(new BlockingCollection<int> { 1 });
            Shown<IReadOnlyCollection<int>>(new ArraySegment<int>([0, 1], 1, 1));
            Shown<IEnumerable>(new BlockingCollection<int> { 1 });
            Shown(new SortedSetOfOurOwn { 1 });
        }

        static void Shown<T>(T value) => Assert.That(WrappedTools.Shown(value), Is.EqualTo("[1]"), $"{value!.GetType()} as {typeof(T)}");
    }

    [Test]
    public void Write_CollectionWithAMemberThatOnlyItsInterfaceShows_IsRefused() =>
        Assert.That(() => WrappedTools.Shown<IOwnedNumbers>(new OwnedNumbers()), Throws.InstanceOf<ArgumentNotSerializableException>());

    [Test]
    public void Write_JsonThatSaysAMemberTwice_IsRefused()
    {
        // Which of the two an enforcer reads is anybody's guess; the tool may read the other.
        var twice = JsonDocument.Parse("""{"a":[{"amount":1,"amount":1000}]}""").RootElement;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => WrappedTools.Shown(twice), Throws.InstanceOf<ArgumentNotSerializableException>());
            Assert.That(() => WrappedTools.Shown<object>(twice), Throws.InstanceOf<ArgumentNotSerializableException>());
            Assert.That(() => WrappedTools.Shown(new Dictionary<string, JsonElement> { ["x"] = twice }), Throws.InstanceOf<ArgumentNotSerializableException>());
            foreach (var json in (string[])["""{"a":1,"a":2}""", """[[{"a":1,"a":2}]]""", """{"b":{"a":1,"a":2}}"""])
            {
                Assert.That(() => WrappedTools.Shown(JsonNode.Parse(json)), Throws.InstanceOf<ArgumentNotSerializableException>(), json);
                Assert.That(() => WrappedTools.Shown(JsonDocument.Parse(json)), Throws.InstanceOf<ArgumentNotSerializableException>(), json);
            }

            Assert.That(WrappedTools.Shown(WrappedTools.Json("""{"a":{"x":1},"b":{"x":1}}""")), Is.EqualTo("""{"a":{"x":1},"b":{"x":1}}"""));
        }
    }

    private static XmlDocument Document()
    {
        var document = new XmlDocument();
        document.LoadXml("<a b='c'>text</a>");
        return document;
    }

    private sealed class Empty;

    private sealed class PrivateState(string secret)
    {
        public override string ToString() => secret;
    }

    private readonly struct PrivateStruct(int number)
    {
        public override string ToString() => $"{number}";
    }

    private sealed class Price(int cents)
    {
        private readonly int _hundredths = cents;

        public decimal Amount => _hundredths / 100m;
    }

    private sealed class UsualMembers : IEnumerable<int>
    {
        public int Count => 1;

        public int Length => 1;

        public long LongLength => 1;

        public int Rank => 1;

        public int Capacity => 1;

        public object? Comparer => null;

        public bool IsReadOnly => true;

        public bool IsFixedSize => true;

        public bool IsSynchronized => false;

        public object SyncRoot => this;

        public bool IsEmpty => false;

        public bool IsDefault => false;

        public bool IsDefaultOrEmpty => false;

        public IEnumerator<int> GetEnumerator()
        {
            yield return 1;
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class SortedSetOfOurOwn : SortedSet<int>;

    private interface IOwned
    {
        string Owner { get; }
    }

    private interface IOwnedNumbers : IReadOnlyCollection<int>, IOwned;

    private sealed class OwnedNumbers : IOwnedNumbers
    {
        public int Count => 1;

        string IOwned.Owner => "somebody";

        public IEnumerator<int> GetEnumerator() => Enumerable.Repeat(1, 1).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private class Recipients : List<string>
    {
        public string? Bcc { get; set; }
    }

    private sealed class BlindCopies : Recipients;

    private sealed class OwnedMap : Dictionary<string, int>
    {
        public string? Owner { get; set; }
    }

    private sealed class FieldList : List<int>
    {
        public int Extra = 1;
    }

    private sealed class Mail
    {
        public IList<string>? To { get; set; }
    }
}
