using System.Collections.Immutable;
using System.Dynamic;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Thoth.Interception.Arguments;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments;

/// <summary>What the enforcer is shown is all that the tool gets, once and in valid Unicode; anything else is refused.</summary>
public class CompleteArgumentTests
{
    private const string Half = "\ud800";

    private static readonly JsonElement s_repeated = WrappedTools.Json("""{"amount":1,"amount":1000}""");

    [Test]
    public void Write_NullableStruct_IsTheStruct()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(WrappedTools.Shown<Point?>(new Point { X = 1, Y = 2 }), Is.EqualTo("""{"X":1,"Y":2}"""));
            Assert.That(WrappedTools.Shown<Point?>(null), Is.EqualTo("null"));
            Assert.That(WrappedTools.Shown<(int, int)?>((1, 2)), Is.EqualTo("""{"Item1":1,"Item2":2}"""));
            Assert.That(WrappedTools.Shown(new Route(new Point { X = 1 }, (3, 4))), Is.EqualTo("""{"From":{"X":1,"Y":0},"Via":{"Item1":3,"Item2":4}}"""));
            Assert.That(WrappedTools.Shown<List<Point?>>([null, new Point()]), Is.EqualTo("""[null,{"X":0,"Y":0}]"""));
            Assert.That(WrappedTools.Shown<KeyValuePair<string, int>?>(new("a", 1)), Is.EqualTo("""{"Key":"a","Value":1}"""));
            Assert.That(WrappedTools.Shown<(Shape, int)?>((new Circle { Radius = 9 }, 1)), Does.Contain("\"Radius\":9"));
            Refused(default(Four), "elements");
            Refused<HidingStruct?>(new HidingStruct(1), "state that no public member shows");
        }
    }

    [Test]
    public void Write_ElementsOfMemory_AreWrittenByTheTypeTheyHave()
    {
        Shape[] shapes = [new Circle { Name = "c", Radius = 9 }];
        const string Shown = """[{"Radius":9,"Name":"c"}]""";

        using (Assert.EnterMultipleScope())
        {
            Assert.That(WrappedTools.Shown<Memory<Shape>>(shapes), Is.EqualTo(Shown));
            Assert.That(WrappedTools.Shown<ReadOnlyMemory<Shape>>(shapes), Is.EqualTo(Shown));
            Assert.That(WrappedTools.Shown<Memory<Shape>?>(shapes), Is.EqualTo(Shown));
            Assert.That(WrappedTools.Shown<Memory<object>>(new object[] { shapes[0] }), Is.EqualTo(Shown));
            Assert.That(WrappedTools.Shown<List<Memory<Shape>>>([shapes]), Is.EqualTo($"[{Shown}]"));
            Assert.That(WrappedTools.Shown(new ArraySegment<Shape>(shapes)), Is.EqualTo(Shown));
            Assert.That(WrappedTools.Shown<ImmutableArray<Shape>>([.. shapes]), Is.EqualTo(Shown));
        }
    }

    [Test]
    public void Write_MemberThatAnotherHides_IsRefused()
    {
        using (Assert.EnterMultipleScope())
        {
            Refused<Payment>(new Doubled(1) { Amount = 1 }, "'Thoth.Interception.Tests.Arguments.CompleteArgumentTests+Payment.Amount' is hidden");
            Refused(new List<Payment> { new Doubled(1) }, "Payment.Amount");
            Refused<object>(new Typed<string> { Body = "shown" }, "Body");
            Refused<IPriced>(new Secretly(), "IPriced.Price");
            Refused<IPriced>(new WithDefault(), "ITotal.Total");
            Assert.That(WrappedTools.Shown<Payment>(new Overridden()), Is.EqualTo("""{"Kind":"own","Amount":0}"""));
            Assert.That(WrappedTools.Shown<Payment>(new Excluded()), Is.EqualTo("""{"Price":2,"Amount":0,"Kind":"payment"}"""));
        }
    }

    [Test]
    public void Write_NameTwice_IsRefusedWhoeverWroteIt()
    {
        using (Assert.EnterMultipleScope())
        {
            Refused(new Extended { Amount = 1, More = { ["Amount"] = 1_000_000 } }, "a name twice");
            Refused(new List<Extended> { new() { More = { ["Amount"] = 1 } } }, "at 'value[0]'");
            Refused(new ExtendedByElements { More = new() { ["Amount"] = WrappedTools.Json("1") } }, "a name twice");
            Refused(new ExtendedByNode { More = new() { ["Amount"] = 1 } }, "a name twice");
            Refused(new Dictionary<object, int> { [1] = 1, ["1"] = 2 }, "a name twice");
            Refused(new Dictionary<Key, int> { [new("a")] = 1, [new("b")] = 2 }, "a name twice", new KeyConverter());
            Refused(new Money(), "a name twice", new TwiceConverter());
            Refused<IReadOnlyDictionary<string, int>>(new Dictionary<string, int>(ByReference.Instance) { ["a"] = 1, [new string(['a'])] = 2 }, "a name twice");
            Refused(new Dictionary<string, int>(Enumerable.Range(0, 50).Select(i => KeyValuePair.Create(i == 49 ? new string("7") : $"{i}", i)), ByReference.Instance), "a name twice");
            Refused(s_repeated, "a name twice");
            Refused(new Money(), "invalid JSON", new BreakingOutConverter());
            Refused(new Dictionary<string, object> { ["a"] = s_repeated }, "a name twice");
            Assert.That(WrappedTools.Shown(new Dictionary<string, int> { ["é"] = 1, ["e"] = 2 }), Is.EqualTo("""{"\u00E9":1,"e":2}"""));
        }
    }

    [Test]
    public void Write_HalfASurrogatePair_IsRefusedWhereverItIs()
    {
        using (Assert.EnterMultipleScope())
        {
            Refused($"a{Half}b", "surrogate");
            Refused($"a{Half}", "surrogate");
            Refused("\udc00", "surrogate");
            Refused("\udc00\ud800", "surrogate");
            Refused('\ud800', "surrogate");
            Refused<char?>('\ud800', "surrogate");
            Refused(new[] { "a", Half }, "at 'value[1]'");
            Refused(new Dictionary<string, int> { [Half] = 1 }, "surrogate");
            Refused(new Dictionary<string, Shape> { [Half] = new() }, "surrogate");
            Refused<object>(new Dictionary<object, int> { [Half] = 1 }, "surrogate");
            Refused(new Extended { More = { [Half] = 1 } }, "valid Unicode");
            Refused(new Extended { More = { ["a"] = Half } }, "surrogate");
            Refused(new JsonObject { [Half] = 1 }, "surrogate");
            Refused(new JsonObject { ["a"] = Half }, "surrogate");
            Refused<JsonNode>(JsonNode.Parse("""{"a":"\ud800"}""")!, "surrogate");
            Refused(WrappedTools.Json("""{"a":["\ud800"]}"""), "surrogate");
            Refused(new Money { Text = Half }, "valid Unicode", new TextConverter());
            Refused<object>(new { Text = Half }, "at 'value.Text'");
            Refused(new Uri($"https://a/{Half}"), "Unicode");
        }
    }

    [Test]
    public void Write_ValidText_IsShownWithItsReplacementCharacters()
    {
        const string Text = "a\ufffd\ud83d\ude00";

        using (Assert.EnterMultipleScope())
        {
            Same(Text);
            Same<string[]>([Text, Text]);
            Same(new Dictionary<string, string> { [Text] = Text });
            Same<object>(Text);
            Same('\ufffd');
            Same(WrappedTools.Json(JsonSerializer.Serialize(Text)));
            Same(WrappedTools.Json($"\"{Text}\""));
            Same<JsonNode>(JsonNode.Parse($$"""{"{{Text}}":"{{Text}}"}""")!);
            Same(new JsonObject { [Text] = Text });
        }

        static void Same<T>(T value) => Assert.That(
            JsonElement.DeepEquals(WrappedTools.Json(WrappedTools.Shown(value)), JsonSerializer.SerializeToElement(value)), Is.True, typeof(T).Name);
    }

    [Test]
    public void Write_LegalValueThatWasNeverSet_IsNull()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(WrappedTools.Shown(default(JsonElement)), Is.EqualTo("null"));
            Assert.That(WrappedTools.Shown<object>(default(JsonElement)), Is.EqualTo("null"));
            Assert.That(WrappedTools.Shown(default(ImmutableArray<int>)), Is.EqualTo("null"));
            Assert.That(WrappedTools.Shown(default(ImmutableArray<Shape>)), Is.EqualTo("null"));
            Assert.That(WrappedTools.Shown(new Unset()), Is.EqualTo("""{"Ids":null,"Filter":null}"""));
            Assert.That(WrappedTools.Shown<ImmutableArray<byte>>([1, 2]), Is.EqualTo("[1,2]"));
        }
    }

    [Test]
    public void Write_CollectionsOfFSharp_AreTheirElements()
    {
        var pair = KeyValuePair.Create("k", 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(WrappedTools.Shown(ListModule.OfSeq([1, 2])), Is.EqualTo("[1,2]"));
            Assert.That(WrappedTools.Shown(new FSharpSet<int>([2, 1])), Is.EqualTo("[1,2]"));
            Assert.That(WrappedTools.Shown(ListModule.OfSeq<Shape>([new Circle { Radius = 9 }])), Does.Contain("\"Radius\":9"));
            Assert.That(WrappedTools.Shown(new FSharpMap<string, int>([Tuple.Create(pair.Key, pair.Value)])), Is.EqualTo("""{"k":1}"""));
            Assert.That(WrappedTools.Shown<IReadOnlyList<int>>(ListModule.OfSeq([1])), Is.EqualTo("[1]"));
            Assert.That(WrappedTools.Shown(FSharpOption<Point>.Some(new Point { X = 1 })), Is.EqualTo("""{"X":1,"Y":0}"""));
        }
    }

    [Test]
    public void Write_NodeMadeInCode_ShowsTheObjectInIt()
    {
        var node = new JsonObject { ["payment"] = JsonValue.Create<Shape>(new Circle { Radius = 9 }), ["n"] = 1, ["t"] = "x" };

        Assert.That(WrappedTools.Shown(node), Is.EqualTo("""{"payment":{"Radius":9,"Name":null},"n":1,"t":"x"}"""));
    }

    [Test]
    public void Write_ValuesBehindObject_AreComplete()
    {
        dynamic bag = new ExpandoObject();
        bag.Shape = new Circle { Radius = 9 };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(WrappedTools.Shown<object>(bag), Does.Contain("\"Radius\":9"));
            Assert.That(WrappedTools.Shown(new { Any = (object)new Circle { Radius = 9 } }), Does.Contain("\"Radius\":9"));
            Assert.That(WrappedTools.Shown(new System.Collections.ArrayList { new Circle { Radius = 9 } }), Does.Contain("\"Radius\":9"));
            Assert.That(WrappedTools.Shown(new Extended { More = { ["x"] = new Circle { Radius = 9 } } }), Does.Contain("\"Radius\":9"));
            Refused<object>(new System.Data.DataTable(), "'System.Data.DataTable' has state");
            Refused<object>(new int[2, 2], "System.Int32[,]");
        }
    }

    [Test]
    public void Write_MemberThatOnlyEqualsTheDefault_IsShown()
    {
        var values = new Omitting
        {
            Factor = -0f,
            Price = 0.00m,
            At = new DateTime(0, DateTimeKind.Utc),
            Since = new DateTimeOffset(0, TimeSpan.Zero).ToOffset(TimeSpan.FromHours(1)),
            Money = new() { Cents = 9 },
        };

        Assert.That(WrappedTools.Shown(values), Is.EqualTo(
            """{"Factor":-0,"Price":0.00,"At":"0001-01-01T00:00:00Z","Since":"0001-01-01T01:00:00+01:00","Money":{"Cents":9,"Currency":null}}"""));
        Assert.That(WrappedTools.Shown(new Omitting()), Is.EqualTo("""{"Money":{"Cents":0,"Currency":null}}"""));
    }

    private static void Refused<T>(T value, string why, params JsonConverter[] converters)
    {
        var parameters = new ToolParameters(((Action<T>)(static value => { })).Method.GetParameters(), ArgumentJson.With(converters));
        Assert.That(
            () => parameters.Serialize([value]), Throws.InstanceOf<ArgumentNotSerializableException>().With.Message.Contains(why), $"{typeof(T)}");
    }

    private struct Point
    {
        public int X { get; set; }

        public int Y { get; set; }
    }

    private readonly struct HidingStruct(int number)
    {
        public override string ToString() => $"{number}";
    }

    [System.Runtime.CompilerServices.InlineArray(4)]
    private struct Four
    {
        public int First;
    }

    private struct Price : IEquatable<Price>
    {
        public int Cents { get; set; }

        public string? Currency { get; set; }

        public readonly bool Equals(Price other) => Currency == other.Currency;

        public override readonly bool Equals(object? obj) => obj is Price other && Equals(other);

        public override readonly int GetHashCode() => 0;
    }

    private sealed class Omitting
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public float Factor { get; set; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public decimal Price { get; set; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public int Count { get; set; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public DateTime At { get; set; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public DateTimeOffset Since { get; set; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public Price Money { get; set; }
    }

    private sealed record Route(Point? From, (int, int)? Via);

    private class Shape
    {
        public string? Name { get; set; }
    }

    private sealed class Circle : Shape
    {
        public int Radius { get; set; }
    }

    private class Payment
    {
        public int Amount { get; set; }

        public virtual string Kind => "payment";
    }

    private sealed class Doubled : Payment
    {
        public Doubled(int amount) => base.Amount = 1_000_000 + amount;

        public new int Amount { get; set; }
    }

    private sealed class Overridden : Payment
    {
        public override string Kind => "own";
    }

    private sealed class Excluded : Payment, IPriced
    {
        public int Price => 2;

        [JsonIgnore]
        int IPriced.Price => 3;
    }

    private class Body
    {
        public object? Value { get; set; }
    }

    private class Untyped
    {
        public object? Body { get; set; } = "hidden";
    }

    private sealed class Typed<T> : Untyped
    {
        public new T? Body { get; set; }
    }

    private interface IPriced
    {
        int Price { get; }
    }

    private interface ITotal : IPriced
    {
        int Total => Price * 1000;
    }

    private sealed class Secretly : IPriced
    {
        public int Price => 1;

        int IPriced.Price => 1_000_000;
    }

    private sealed class WithDefault : ITotal
    {
        public int Price => 1;
    }

    private sealed class Extended
    {
        public int Amount { get; set; }

        [JsonExtensionData]
        public Dictionary<string, object> More { get; set; } = [];
    }

    private sealed class ExtendedByElements
    {
        public int Amount { get; set; }

        [JsonExtensionData]
        public Dictionary<string, JsonElement>? More { get; set; }
    }

    private sealed class ExtendedByNode
    {
        public int Amount { get; set; }

        [JsonExtensionData]
        public JsonObject? More { get; set; }
    }

    private sealed record Unset
    {
        public ImmutableArray<int> Ids { get; init; }

        public JsonElement Filter { get; init; }
    }

    private sealed record Key(string Name);

    private sealed class Money
    {
        public string? Text { get; set; }
    }

    private sealed class ByReference : IEqualityComparer<string>
    {
        public static ByReference Instance { get; } = new();

        public bool Equals(string? x, string? y) => ReferenceEquals(x, y);

        public int GetHashCode(string obj) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj);
    }

    private sealed class KeyConverter : JsonConverter<Key>
    {
        public override Key Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new("x");

        public override void Write(Utf8JsonWriter writer, Key value, JsonSerializerOptions options) => writer.WriteStringValue("x");

        public override void WriteAsPropertyName(Utf8JsonWriter writer, Key value, JsonSerializerOptions options) => writer.WritePropertyName("x");
    }

    private sealed class TwiceConverter : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new();

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) =>
            writer.WriteRawValue("""[{"amount":1,"\u0061mount":2}]""");
    }

    private sealed class BreakingOutConverter : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new();

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) =>
            writer.WriteRawValue("""1,"other":2""", skipInputValidation: true);
    }

    private sealed class TextConverter : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new();

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
    }
}
