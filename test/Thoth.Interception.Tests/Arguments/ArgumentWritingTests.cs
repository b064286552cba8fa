using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Thoth.Interception.Arguments;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments;

public class ArgumentWritingTests
{
    private enum Priority
    {
        Low,
        High,
    }

    [Test]
    public void Write_UriWithAReplacementCharacter_IsShown()
    {
        var uri = new Uri("http://host/\uFFFD", UriKind.RelativeOrAbsolute);

        Assert.That(WrappedTools.Shown(uri), Is.EqualTo("""
            "http://host/\uFFFD"
            """));
        Assert.That(WrappedTools.Shown(new Dictionary<Uri, Uri> { [uri] = uri }), Is.EqualTo("""{"http://host/\uFFFD":"http://host/\uFFFD"}"""));
        Assert.That(() => WrappedTools.Shown(new Uri("a\uD800", UriKind.Relative)), Throws.Exception.With.Message.Contains("half of a surrogate pair"));
    }

    [Test]
    public async Task Call_SeveralParameters_AreOneObjectUnderTheirNames()
    {
        await using var host = WrappedTools.Host();
        var tool = host.Wrap((string query, int limit, CancellationToken token, Priority? priority) => query);

        tool("castle", 3, CancellationToken.None, Priority.High);

        Assert.That(host.LastArguments, Is.EqualTo("""{"query":"castle","limit":3,"priority":"High"}"""));
    }

    [Test]
    public async Task Call_NoParameterOnTheWire_SendsNoArguments()
    {
        await using var host = WrappedTools.Host();
        var tool = host.Wrap((CancellationToken token) => 1);

        tool(CancellationToken.None);

        Assert.That(host.Enforcer.LastRequest.Arguments.IsEmpty, Is.True);
    }

    [Test]
    public void Serialize_ParametersWithoutNames_AreNamedByTheirPositions()
    {
        var tool = new DynamicMethod("tool", typeof(void), [typeof(int), typeof(int)]);

        var shown = new ToolParameters(tool.GetParameters(), ArgumentJson.Default).Serialize([1, 2]);

        Assert.That(Encoding.UTF8.GetString(shown), Is.EqualTo("""{"arg0":1,"arg1":2}"""));
    }

    [Test]
    public void Write_EveryKindOfData_IsComplete()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(WrappedTools.Shown<string?>(null), Is.EqualTo("null"));
            Assert.That(WrappedTools.Shown<int?>(4), Is.EqualTo("4"));
            Assert.That(WrappedTools.Shown(true), Is.EqualTo("true"));
            Assert.That(WrappedTools.Shown(1.5m), Is.EqualTo("1.5"));
            Assert.That(WrappedTools.Shown('x'), Is.EqualTo("\"x\""));
            Assert.That(WrappedTools.Shown(new DateOnly(2026, 1, 2)), Is.EqualTo("\"2026-01-02\""));
            Assert.That(WrappedTools.Shown(new byte[] { 1, 2 }), Is.EqualTo("\"AQI=\""));
            Assert.That(WrappedTools.Shown<Memory<byte>>(new byte[] { 1, 2 }), Is.EqualTo("\"AQI=\""));
            Assert.That(WrappedTools.Shown(ImmutableArray.Create(1, 2)), Is.EqualTo("[1,2]"));
            Assert.That(WrappedTools.Shown(new Dictionary<string, int> { ["a"] = 1 }), Is.EqualTo("""{"a":1}"""));
            Assert.That(WrappedTools.Shown(WrappedTools.Json("""{"a":[1,null]}""")), Is.EqualTo("""{"a":[1,null]}"""));
            Assert.That(WrappedTools.Shown(JsonDocument.Parse("""{"a":[1,null]}""")), Is.EqualTo("""{"a":[1,null]}"""));
            Assert.That(WrappedTools.Shown<JsonNode>(new JsonObject { ["a"] = 1 }), Is.EqualTo("""{"a":1}"""));
            Assert.That(WrappedTools.Shown<object>(Priority.Low), Is.EqualTo("\"Low\""));
            Assert.That(WrappedTools.Shown(new KeyValuePair<string, int>("a", 1)), Is.EqualTo("""{"Key":"a","Value":1}"""));
        }
    }

    [Test]
    public void Write_TheCommonestTypes_AreTheSerializersOwnJson()
    {
        object[] values =
        [
            "a\"<é\u2028", true, int.MinValue, long.MaxValue, double.Epsilon, 0.1 + 0.2, decimal.MaxValue, -0.0,
            new DateTime(2026, 1, 2, 3, 4, 5, 6, DateTimeKind.Utc), new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)), Guid.NewGuid(),
        ];
        foreach (var value in values)
        {
            var shown = typeof(WrappedTools).GetMethod(nameof(WrappedTools.Shown))!.MakeGenericMethod(value.GetType()).Invoke(null, [value]);

            Assert.That(shown, Is.EqualTo(JsonSerializer.Serialize(value)), value.GetType().Name);
        }
    }

    [Test]
    public void Write_ValueTuplesAndPublicFields_AreNeverEmptyObjects()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(WrappedTools.Shown((1, "b")), Is.EqualTo("""{"Item1":1,"Item2":"b"}"""));
            Assert.That(
                WrappedTools.Shown((1, 2, 3, 4, 5, 6, 7, 8)),
                Is.EqualTo("""{"Item1":1,"Item2":2,"Item3":3,"Item4":4,"Item5":5,"Item6":6,"Item7":7,"Rest":{"Item1":8}}"""));
            Assert.That(WrappedTools.Shown(new Fields { A = 1, B = "x" }), Is.EqualTo("""{"A":1,"B":"x"}"""));
            Assert.That(WrappedTools.Shown(new[] { (1, 2) }), Is.EqualTo("""[{"Item1":1,"Item2":2}]"""));
        }
    }

    [Test]
    public void Write_DerivedValues_AreWrittenByTheTypeTheyHave()
    {
        var card = new CardPayment { Amount = 1, Number = "4111" };
        const string Shown = """{"Number":"4111","Amount":1}""";

        using (Assert.EnterMultipleScope())
        {
            Assert.That(WrappedTools.Shown<Payment>(card), Is.EqualTo(Shown), "parameter");
            Assert.That(WrappedTools.Shown<IPayment>(card), Is.EqualTo(Shown), "interface");
            Assert.That(WrappedTools.Shown<object>(card), Is.EqualTo(Shown), "object");
            Assert.That(WrappedTools.Shown(new Order { Payment = card }), Is.EqualTo($$"""{"Payment":{{Shown}}}"""), "property");
            Assert.That(WrappedTools.Shown(new OrderWithField { Payment = card }), Is.EqualTo($$"""{"Payment":{{Shown}}}"""), "field");
            Assert.That(WrappedTools.Shown<List<Payment>>([card]), Is.EqualTo($"[{Shown}]"), "list");
            Assert.That(WrappedTools.Shown<Payment[][]>([[card]]), Is.EqualTo($"[[{Shown}]]"), "jagged array");
            Assert.That(WrappedTools.Shown<IEnumerable<IPayment>>([card]), Is.EqualTo($"[{Shown}]"), "sequence");
            Assert.That(WrappedTools.Shown(new Stack<Payment>([card])), Is.EqualTo($"[{Shown}]"), "stack");
            Assert.That(WrappedTools.Shown(ImmutableArray.Create<Payment>(card)), Is.EqualTo($"[{Shown}]"), "immutable array");
            Assert.That(
                WrappedTools.Shown(new Dictionary<string, Payment> { ["k"] = card }), Is.EqualTo($$"""{"k":{{Shown}}}"""), "dictionary");
            Assert.That(
                WrappedTools.Shown<IDictionary<string, Payment>>(new Dictionary<string, Payment> { ["k"] = card }),
                Is.EqualTo($$"""{"k":{{Shown}}}"""), "dictionary's interface");
            Assert.That(
                WrappedTools.Shown<IReadOnlyDictionary<int, IPayment>>(new Dictionary<int, IPayment> { [7] = card }),
                Is.EqualTo($$"""{"7":{{Shown}}}"""), "read-only dictionary");
            Assert.That(WrappedTools.Shown<(int, Payment)>((1, card)), Is.EqualTo($$"""{"Item1":1,"Item2":{{Shown}}}"""), "tuple");
            Assert.That(
                WrappedTools.Shown(new KeyValuePair<string, Payment>("k", card)), Is.EqualTo($$"""{"Key":"k","Value":{{Shown}}}"""), "pair");
            Assert.That(
                WrappedTools.Shown(new Dictionary<string, List<Payment>> { ["k"] = [card] }), Is.EqualTo($$"""{"k":[{{Shown}}]}"""), "deep");
        }
    }

    [Test]
    public void Write_CollectionInACollection_KeepsTheJsonOfItsDeclaredType()
    {
        var pairs = new Dictionary<string, int> { ["a"] = 1 };

        Assert.That(WrappedTools.Shown<IEnumerable<KeyValuePair<string, int>>>(pairs), Is.EqualTo("""[{"Key":"a","Value":1}]"""));
        Assert.That(WrappedTools.Shown<IEnumerable<KeyValuePair<string, int>>[]>([pairs]), Is.EqualTo("""[[{"Key":"a","Value":1}]]"""));
    }

    [Test]
    public void Write_DeclaredPolymorphism_IsTheAuthorsOwn()
    {
        Assert.That(WrappedTools.Shown<Shape>(new Circle { Radius = 2 }), Is.EqualTo("""{"$type":"circle","Radius":2}"""));
    }

    [Test]
    public void Write_DerivedTypeThatItsBaseFallsBackFrom_IsRefused()
    {
        Assert.That(() => WrappedTools.Shown<Lenient>(new Unlisted { Hidden = "x" }), Throws.InstanceOf<ArgumentNotSerializableException>());
    }

    public interface IPayment
    {
        int Amount { get; }
    }

    public class Payment : IPayment
    {
        public int Amount { get; set; }
    }

    public sealed class CardPayment : Payment
    {
        public string? Number { get; set; }
    }

    public sealed class Order
    {
        public Payment? Payment { get; set; }
    }

    private sealed class OrderWithField
    {
        public Payment? Payment;
    }

    private struct Fields
    {
        public int A;
        public string B;
    }

    [JsonDerivedType(typeof(Circle), "circle")]
    private class Shape;

    private sealed class Circle : Shape
    {
        public int Radius { get; set; }
    }

    [JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToBaseType)]
    [JsonDerivedType(typeof(Listed), "listed")]
    private class Lenient
    {
        public int Id { get; set; }
    }

    private sealed class Listed : Lenient;

    private sealed class Unlisted : Lenient
    {
        public string? Hidden { get; set; }
    }
}
