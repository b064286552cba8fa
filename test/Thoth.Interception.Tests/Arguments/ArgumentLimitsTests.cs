using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using Thoth.Interception.Arguments;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments;

public class ArgumentLimitsTests
{
    private const int Envelope = 12; // {"value":""}

    private static readonly object[] s_unshowable =
    [
        Cycle(), CycleThroughList(), double.NaN, float.PositiveInfinity, new ThrowingGetter(), Endless(), new EndlessList(), new EndlessMap(),
        new ThrowingSequence(), new ArgumentCopyTests.TwoConstructors(), new int[2, 2], new Hashtable { [new object()] = 1 }, new Dictionary<object, int> { [new object()] = 1 }, IntPtr.Zero,
    ];

    [TestCase(64, true)]
    [TestCase(65, false)]
    public void Serialize_AtTheDepthLimit_PassesTo64Levels(int depth, bool passes)
    {
        Check(WrappedTools.Json(new string('[', depth - 1) + new string(']', depth - 1)), passes);
        Check(Nested(depth - 1), passes);
        Check<object>(Nested(depth - 1), passes);
        Check(NestedNodes(depth - 1), passes);
        Check(NestedMaps(depth - 1), passes);
    }

    [TestCase(ArgumentJson.MaxBytes, true)]
    [TestCase(ArgumentJson.MaxBytes + 1, false)]
    public void Serialize_AtTheSizeLimit_PassesToOneMebibyte(int bytes, bool passes)
    {
        Check(new string('a', bytes - Envelope), passes);
        Check<object>(new string('a', bytes - Envelope), passes);
        Check(WrappedTools.Json($"\"{new string('a', bytes - Envelope)}\""), passes);
        Check(new string('<', (bytes - Envelope) / 6) + new string('a', (bytes - Envelope) % 6), passes);
    }

    [Test]
    public void Serialize_ManySmallArguments_AreCountedTogether()
    {
        Check(Enumerable.Repeat("1234567", 100_000).ToArray(), passes: true);
        Check(Enumerable.Repeat("1234567", 110_000).ToArray(), passes: false);
    }

    [Test]
    public void Serialize_TextFarBeyondTheLimit_IsRefusedWithoutTheMemoryForIt()
    {
        var text = new string('a', 8 * ArgumentJson.MaxBytes);
        Check(text, passes: false);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Check(text, passes: false);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(ArgumentJson.MaxBytes));
    }

    [Test]
    public void Serialize_AfterARefusal_StartsAfresh()
    {
        Check(new string('a', ArgumentJson.MaxBytes), passes: false);

        Assert.That(WrappedTools.Shown("next"), Is.EqualTo("\"next\""));
    }

    [Test]
    public void Serialize_GetterThatSerializesArgumentsItself_DoesNotMixThem()
    {
        Assert.That(WrappedTools.Shown(new Reentrant()), Is.EqualTo("""{"Before":"a","Inner":"\u0022inner\u0022","After":"b"}"""));
    }

    [TestCaseSource(nameof(s_unshowable))]
    public async Task Call_ArgumentThatCannotBeShown_IsBlockedUnasked(object value)
    {
        await using var host = WrappedTools.Host(options => options.FailOpen = true);
        var ran = false;
        var tool = host.Wrap((object value) => { ran = true; });

        var exception = Assert.Throws<PolicyViolationException>(() => tool(value));

        Assert.That(ran, Is.False);
        Assert.That(host.Enforcer.Requests, Is.Empty);
        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsNotSerializable));
        Assert.That(exception.DecisionReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsNotSerializable));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }

    [Test]
    public async Task Call_ArgumentThatCannotBeShown_NamesTheParameterAndNoValue()
    {
        await using var host = WrappedTools.Host();
        var tool = host.Wrap((object safe, object payload) => Task.CompletedTask);

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => tool("topsecret", new ThrowingGetter()));

        Assert.That(
            exception!.Message,
            Does.Contain("'payload'").And.Contain("at 'payload.Value'").And.Contain("ThrowingGetter").And.Contain("FormatException").And.Contain("[JsonIgnore]"));
        Assert.That(exception.ToString(), Does.Not.Contain("topsecret").And.Not.Contain(ThrowingGetter.Message));
    }

    [Test]
    public async Task Call_KeyOrSequenceThatCannotBeShown_SaysWhatToChange()
    {
        await using var host = WrappedTools.Host();
        var byKey = host.Wrap((Dictionary<string, int> filter) => { });
        var bySequence = host.Wrap((IEnumerable<int> ids) => { });

        var key = Assert.Throws<PolicyViolationException>(() => byKey(new() { ["a\ud800"] = 1 }));
        var sequence = Assert.Throws<PolicyViolationException>(() => bySequence(Failing()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(key!.Message, Does.Contain("'filter'").And.Contain("one of its keys"));
            Assert.That(sequence!.Message, Does.Contain("'ids'").And.Contain("correct the code that throws it").And.Not.Contain("topsecret"));
        }

        static IEnumerable<int> Failing()
        {
            yield return 1;
            throw new FormatException("topsecret");
        }
    }

    [Test]
    public async Task Wrap_TypeThatTheSerializerRefuses_IsRefused()
    {
        await using var host = WrappedTools.Host();

        Assert.That(
            () => host.Wrap((ArgumentCopyTests.TwoConstructors value) => { }),
            Throws.ArgumentException.With.Message.Contains("'value'").And.Message.Contains("TwoConstructors"));
    }

    [Test]
    public void Serialize_JsonOfExtremeDepth_IsRefusedWithoutExhaustingTheStack()
    {
        const int Depth = 10_000;
        const int Stack = 256 * 1024;
        var (arrays, objects) = (Nested("[", "", "]"), Nested("{\"a\":", "1", "}"));
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    foreach (var json in (string[])[arrays, objects])
                    {
                        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Depth });
                        Check(document.RootElement, passes: false);
                        Check(document, passes: false);
                        Check(JsonNode.Parse(json, null, new JsonDocumentOptions { MaxDepth = Depth }), passes: false);
                    }
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            },
            Stack);

        thread.Start();
        thread.Join();

        Assert.That(failure, Is.Null);

        static string Nested(string open, string inner, string close) =>
            string.Concat(Enumerable.Repeat(open, Depth)) + inner + string.Concat(Enumerable.Repeat(close, Depth));
    }

    [Test]
    public void Serialize_NodesNestedBeyondTheStack_AreRefused()
    {
        var (arrays, objects) = (new JsonArray(), new JsonObject());
        for (var level = 0; level < 200_000; level++)
        {
            (arrays, objects) = (new JsonArray(arrays), new JsonObject { ["a"] = objects });
        }

        Check(arrays, passes: false);
        Check(objects, passes: false);
        Check<JsonNode>(objects, passes: false);
        Check<object>(arrays, passes: false);
    }

    [Test]
    public void Serialize_EndlessDictionary_IsReadNoFurtherThanFits()
    {
        var endless = new EndlessMap();

        Check<IReadOnlyDictionary<int, ArgumentWritingTests.Payment>>(endless, passes: false);

        Assert.That(endless.Read, Is.InRange(2, (ArgumentJson.MaxBytes / 4) + 1));
    }

    private static void Check<T>(T value, bool passes)
    {
        var parameters = new ToolParameters(((Action<T>)(static value => { })).Method.GetParameters(), ArgumentJson.Default);
        if (passes)
        {
            Assert.That(parameters.Serialize([value]), Is.Not.Empty, typeof(T).Name);
        }
        else
        {
            Assert.That(() => parameters.Serialize([value]), Throws.InstanceOf<ArgumentNotSerializableException>(), typeof(T).Name);
        }
    }

    private static object Nested(int levels)
    {
        object value = Array.Empty<object>();
        for (var i = 1; i < levels; i++)
        {
            value = new[] { value };
        }

        return value;
    }

    private static Node NestedNodes(int levels) => levels == 1 ? new Node() : new Node { Next = NestedNodes(levels - 1) };

    private static Dictionary<string, object> NestedMaps(int levels) =>
        levels == 1 ? [] : new() { ["a"] = NestedMaps(levels - 1) };

    private static Node Cycle()
    {
        var node = new Node();
        node.Next = node;
        return node;
    }

    private static List<object> CycleThroughList()
    {
        var list = new List<object>();
        list.Add(list);
        return list;
    }

    private static IEnumerable<int> Endless()
    {
        while (true)
        {
            yield return 1;
        }
    }

    private class Node
    {
        public Node? Next { get; set; }
    }

    private sealed class ThrowingGetter
    {
        public const string Message = "the getter quotes its value";

        public string Value => throw new FormatException(Message);
    }

    private sealed class Reentrant
    {
        public string Before => "a";

        public string Inner => WrappedTools.Shown("inner");

        public string After => "b";
    }

    private sealed class ThrowingSequence : IEnumerable<int>
    {
        public IEnumerator<int> GetEnumerator() => throw new TimeoutException();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class EndlessList : IReadOnlyList<ArgumentWritingTests.Payment>
    {
        public int Count => 1;

        public ArgumentWritingTests.Payment this[int index] => new();

        public IEnumerator<ArgumentWritingTests.Payment> GetEnumerator()
        {
            while (true)
            {
                yield return new();
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class EndlessMap : IReadOnlyDictionary<int, ArgumentWritingTests.Payment>
    {
        private static readonly ArgumentWritingTests.Payment s_value = new();

        // No public member: one that is not a collection's own would be refused before anything is read.
        internal int Read { get; private set; }

        public IEnumerable<int> Keys => [];

        public IEnumerable<ArgumentWritingTests.Payment> Values => [];

        public int Count => 1;

        public ArgumentWritingTests.Payment this[int key] => s_value;

        public bool ContainsKey(int key) => true;

        public bool TryGetValue(int key, out ArgumentWritingTests.Payment value)
        {
            value = s_value;
            return true;
        }

        public IEnumerator<KeyValuePair<int, ArgumentWritingTests.Payment>> GetEnumerator()
        {
            for (var i = 0; ; i++)
            {
                Read++;
                yield return new(i, s_value);
                if (i > 5_000_000)
                {
                    throw new AssertionException("The reader did not stop.");
                }
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
