using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Thoth.Interception.Tests.Support;
using static Thoth.Interception.Tests.Arguments.ModifyCase;

namespace Thoth.Interception.Tests.Arguments;

public class ModifyByNameTests
{
    private static Delegate Transfer(List<object?> got) =>
        (string account, int amount, string? note = "none", DayOfWeek day = DayOfWeek.Monday, params string[] tags) =>
            got.AddRange([account, amount, note, day, tags]);

    private static readonly object?[] s_original = ["orig", 1, "orig", DayOfWeek.Sunday, new[] { "orig" }];

    [Test]
    public async Task Modify_AllByName_BindsEachByItsOwnType()
    {
        var got = await RunsWith(
            """{"amount":5,"account":"a","note":null,"day":"Friday","tags":["x","y"]}""", Transfer, s_original);

        Assert.That(got, Is.EqualTo(new object?[] { "a", 5, null, DayOfWeek.Friday, new[] { "x", "y" } }));
    }

    [Test]
    public async Task Modify_OptionalLeftOut_TakesItsDefaultAndNeverTheOriginal()
    {
        var got = await RunsWith("""{"account":"a","amount":5}""", Transfer, s_original);

        Assert.That(got, Is.EqualTo(new object?[] { "a", 5, "none", DayOfWeek.Monday, Array.Empty<string>() }));
    }

    [TestCase("""{"account":"a"}""", TestName = "missing required")]
    [TestCase("""{}""", TestName = "empty")]
    [TestCase("""{"account":"a","amount":5,"extra":1}""", TestName = "unknown name")]
    [TestCase("""{"Account":"a","amount":5}""", TestName = "other case")]
    [TestCase("""{"account":"a","account":"b","amount":5}""", TestName = "name twice")]
    [TestCase("""{"account":null,"amount":5}""", TestName = "null into a reference that is not nullable")]
    [TestCase("""{"account":"a","amount":null}""", TestName = "null into a value")]
    [TestCase("""{"account":"a","amount":"5"}""", TestName = "text into a number")]
    [TestCase("""{"account":5,"amount":5}""", TestName = "number into a text")]
    [TestCase("""{"account":"a","amount":5.5}""", TestName = "fraction into an integer")]
    [TestCase("""{"account":"a","amount":5000000000}""", TestName = "too large")]
    [TestCase("""{"account":"a","amount":5,"day":"Noday"}""", TestName = "unknown enumeration name")]
    [TestCase("""{"account":"a","amount":5,"day":99}""", TestName = "number for an enumeration")]
    [TestCase("""{"account":"a","amount":5,"day":"99"}""", TestName = "number as text for an enumeration")]
    [TestCase("""{"account":"a","amount":5,"tags":"x"}""", TestName = "no list")]
    [TestCase("""{"account":"a","amount":5,"tags":null}""", TestName = "null for params")]
    [TestCase("""{"account":"a","amount":5,"tags":[1]}""", TestName = "wrong element")]
    [TestCase("""{"account":{"a":1},"amount":5}""", TestName = "object into a text")]
    public async Task Modify_ThatDoesNotFitWholly_IsBlocked(string modified) => await IsBlocked(modified, Transfer, s_original);

    [TestCase("""{"order":{"id":1,"lines":[{"sku":"a","unknown":1}]}}""", TestName = "unknown nested member")]
    [TestCase("""{"order":{"id":1,"id":2}}""", TestName = "nested member twice")]
    [TestCase("""{"order":{"lines":[]}}""", TestName = "required nested member missing")]
    [TestCase("""{"order":{"id":1,"lines":[{"sku":null}]}}""", TestName = "nested null")]
    [TestCase("""{"order":[1]}""", TestName = "list into an object")]
    [TestCase("""{"order":"text"}""", TestName = "text into an object")]
    [TestCase("""{"order":{"id":1,"lines":[{"sku":"a","throws":1}]}}""", TestName = "setter that throws")]
    public async Task Modify_NestedThatDoesNotFit_IsBlocked(string modified) =>
        await IsBlocked(Snake(modified), got => (Order order) => got.Add(order), new Order { Id = 9 });

    [Test]
    public async Task Modify_Nested_BindsTheWholeGraph()
    {
        var got = await RunsWith(
            """{"order":{"Id":1,"Lines":[{"Sku":"a"}],"When":"2026-01-02T00:00:00Z"}}""", got => (Order order) => got.Add(order), new Order { Id = 9 });

        var order = (Order)got[0]!;
        Assert.That((order.Id, order.Lines.Single().Sku, order.When), Is.EqualTo((1, "a", new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc))));
    }

    [Test]
    public async Task Modify_BaseTypedParameter_IsBoundByTheOriginalsOwnType()
    {
        var original = new ArgumentWritingTests.CardPayment { Amount = 1, Number = "4111" };
        Delegate Pay(List<object?> got) => (ArgumentWritingTests.IPayment payment) => got.Add(payment);

        var got = await RunsWith("""{"payment":{"Amount":2,"Number":"4222"}}""", Pay, original);

        Assert.That(got[0], Is.TypeOf<ArgumentWritingTests.CardPayment>().With.Property("Number").EqualTo("4222"));
        await IsBlocked("""{"payment":{"Amount":2,"Other":1}}""", Pay, original);
        await IsBlocked("""{"payment":{"Amount":2}}""", Pay, [null]);
    }

    [Test]
    public async Task Modify_ObjectParameter_IsBoundByTheOriginalsOwnType()
    {
        Delegate Any(List<object?> got) => (object value) => got.Add(value);

        Assert.That(await RunsWith("""{"value":7}""", Any, 1), Is.EqualTo(new object[] { 7 }));
        Assert.That(await RunsWith("""{"value":["x"]}""", Any, new List<string>()), Is.EqualTo(new object[] { new List<string> { "x" } }));
        await IsBlocked("""{"value":"text"}""", Any, 1);

        // The decision left it as it was shown, so the tool gets the caller's own.
        await RunsWith("""{"value":{}}""", Any, new object());
        await IsBlocked("""{"value":null}""", Any, 1);
    }

    [Test]
    public async Task Modify_NullableParameters_TakeNull()
    {
        var got = await RunsWith(
            """{"a":null,"b":null,"c":null,"d":null}""",
            got => (int? a, string? b, List<int>? c, JsonElement d) => got.AddRange([a, b, c, d.ValueKind]), 1, "x", new List<int>(), WrappedTools.Json("1"));

        Assert.That(got, Is.EqualTo(new object?[] { null, null, null, JsonValueKind.Null }));
    }

    [Test]
    public async Task Modify_ParamsCollection_IsOptionalAndNewForEachCall()
    {
        await using var host = WrappedTools.Host();
        host.Enforcer.Decide = _ => ScriptedEnforcer.Modify("""{"id":1}""");
        var tool = host.Wrap((int id, params List<string> tags) => tags);

        var first = tool(9, "a");

        Assert.That(first, Is.Empty);
        Assert.That(tool(9, "a"), Is.Not.SameAs(first));
    }

    [Test]
    public async Task Modify_CollectionThatIsNotParams_IsNotOptional() =>
        await IsBlocked("""{"id":1}""", got => (int id, List<int> numbers) => got.Add(id), 9, new List<int> { 1 });

    [Test]
    public async Task Modify_ParamsThatCannotBeRead_AreNotOptional()
    {
        static Delegate Tool(List<object?> got) => (int id, params Sealed numbers) => got.Add(id);

        await IsBlocked("""{"id":1}""", Tool, 9, Sealed.Of([1]));
    }

    [Test]
    public async Task Modify_ParametersThatAreNotOnTheWire_KeepTheCallersValues()
    {
        var (stream, source) = (new MemoryStream(), new CancellationTokenSource());
        Delegate Upload(List<object?> got) => (string name, Stream content, CancellationToken token) => got.AddRange([name, content, token]);

        foreach (var modified in (string[])["""{"name":"b"}""", """{"name":"b","content":{"$opaque":"System.IO.Stream"}}"""])
        {
            Assert.That(await RunsWith(modified, Upload, "a", stream, source.Token), Is.EqualTo(new object[] { "b", stream, source.Token }));
        }

        await IsBlocked("""{"name":"b","content":"text"}""", Upload, "a", stream, source.Token);
        await IsBlocked("""{"name":"b","content":null}""", Upload, "a", stream, source.Token);
        await IsBlocked("""{"name":"b","content":{"$opaque":"System.String"}}""", Upload, "a", stream, source.Token);
        await IsBlocked("""{"name":"b","token":{}}""", Upload, "a", stream, source.Token);

        // Where the caller passed none, none is what comes back.
        Assert.That(await RunsWith("""{"name":"b","content":null}""", Upload, "a", null, source.Token), Is.EqualTo(new object?[] { "b", null, source.Token }));
        await IsBlocked("""{"name":"b","content":{"$opaque":"System.IO.Stream"}}""", Upload, "a", null, source.Token);
    }

    [Test]
    public async Task Modify_DefaultsOfEveryKind_AreWhatTheCompilerWouldPass()
    {
        var got = await RunsWith(
            """{"a":1}""",
            got => (int a, decimal b = 1.5m, Guid c = default, DayOfWeek? d = DayOfWeek.Friday, int? e = null, long f = 3, DateTime g = default) =>
                got.AddRange([b, c, d, e, f, g]),
            9, 9m, Guid.NewGuid(), DayOfWeek.Sunday, 9, 9L, DateTime.MaxValue);

        Assert.That(got, Is.EqualTo(new object?[] { 1.5m, Guid.Empty, DayOfWeek.Friday, null, 3L, default(DateTime) }));
    }

    private static string Snake(string json) =>
        json.Replace("\"id\"", "\"Id\"").Replace("\"lines\"", "\"Lines\"").Replace("\"sku\"", "\"Sku\"").Replace("\"throws\"", "\"Throws\"");

    [CollectionBuilder(typeof(Sealed), nameof(Of))]
    public sealed class Sealed : IEnumerable<int>
    {
        private readonly int[] _numbers;

        private Sealed(int[] numbers) => _numbers = numbers;

        public static Sealed Of(ReadOnlySpan<int> numbers) => new(numbers.ToArray());

        public IEnumerator<int> GetEnumerator() => _numbers.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class Order
    {
        public required int Id { get; set; }

        public List<Line> Lines { get; set; } = [];

        public DateTime When { get; set; }
    }

    private sealed class Line
    {
        public string Sku { get; set; } = "";

        public int Throws
        {
            get => 0;
            set => throw new FormatException($"{value}");
        }
    }
}
