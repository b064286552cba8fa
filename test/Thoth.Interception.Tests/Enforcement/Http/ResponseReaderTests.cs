using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using FsCheck;
using FsCheck.Fluent;
using Thoth.Interception.Enforcement.Http;
using Thoth.Interception.Tests.Faults;

namespace Thoth.Interception.Tests.Enforcement.Http;

/// <summary>A response is read in one pass over its bytes; a whole parser gives the expected values.</summary>
public class ResponseReaderTests
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    private static readonly Gen<string> s_piece = Gen.Elements(
        "{", "}", "[", "]", "\"", ":", ",", "\\", " ", "\n", "0", "-", ".", "e", "null", "true", "\\u0064", "\\ud800", "\u0001", "/**/", "\uFEFF", "é",
        "\"x\":1,", ",\"\\u0078\":1", "\"x\":1,\"x\":1,", "\"reason\":\"r\",", "\"\\u0072eason\":\"s\",", "\"ruleVersion\":45.0,", "\"riskScore\":\"\",");

    private static readonly Gen<byte[]> s_document =
        from json in Gen.OneOf(FaultJson.Response, FaultJson.Hold)
        from places in Gen.Choose(0, 1_000_000).ListOf(3)
        from pieces in s_piece.ListOf(3)
        from count in Gen.Choose(0, 3)
        from cut in Gen.Frequency((9, Gen.Constant(0)), (1, Gen.Choose(1, 3)))
        select Mutated(json, places.Zip(pieces).Take(count), cut);

    [FsCheck.NUnit.Property(MaxTest = 5_000)]
    public Property AnyBytes_AreReadAsAParserReadsThem() => Prop.ForAll(Arb.From(s_document), static bytes =>
    {
        using var document = Parsed(bytes);
        var wasRead = ResponseReader.Read(bytes, response => Compared(response, document)) is not null;
        Assert.That(wasRead, Is.EqualTo(document is not null), () => Encoding.UTF8.GetString(bytes));
    });

    [TestCase("45", 45L)]
    [TestCase("45.0", 45L)]
    [TestCase("4.5e1", 45L)]
    [TestCase("45.5", null)]
    [TestCase("9223372036854775807", long.MaxValue)]
    [TestCase("9223372036854775808", null)]
    [TestCase("1e400", null)]
    [TestCase("\"45\"", null)]
    [TestCase("[45]", null)]
    public void Integer_IsAWholeNumberHoweverItIsWritten(string json, long? expected)
    {
        long? read = null;
        ResponseReader.Read(Encoding.UTF8.GetBytes($$"""{"rule_version":{{json}}}"""), response => (read = response.Integer(ResponseProperty.RuleVersion))?.ToString());

        Assert.That(read, Is.EqualTo(expected));
    }

    [TestCase("""{"decision":"ALLOW","receipt":{"id":1},"x":1}""")]
    [TestCase("""{"decision":"ALLOW"}""")]
    [TestCase("""{"decision":"ALLOW","receipt":{"id":1},"x":1,"x":2}""")]
    [TestCase("""{"decision":"ALLOW","receipt":{"id":1,"id":2}}""")]
    [TestCase("""{"decision":"ALLOW","\ud800":1}""")]
    [TestCase("""{"decision":"ALLOW"} {}""")]
    [TestCase("""{"decision":"ALLOW",""")]
    public void Read_LeavesNothingForTheNextResponse(string json)
    {
        ResponseReader.Read(Encoding.UTF8.GetBytes(json), static response => response);

        var next = ResponseReader.Read("""{"x":2}"""u8.ToArray(), static response => (object)(response.Text(ResponseProperty.Decision), response.Object(ResponseProperty.Receipt)));
        Assert.That(next, Is.EqualTo(((string?)null, (JsonElement?)null)));
    }

    [Test]
    public void Read_TwoResponsesAtOnce_EachIsRead()
    {
        var both = ResponseReader.Read("""{"decision":"DENY"}"""u8.ToArray(), outer =>
            ResponseReader.Read("""{"decision":"ALLOW"}"""u8.ToArray(), inner => $"{outer.Text(ResponseProperty.Decision)} {inner.Text(ResponseProperty.Decision)}"));

        Assert.That(both, Is.EqualTo("DENY ALLOW"));
    }

    private static ResponseReader Compared(ResponseReader response, JsonDocument? document)
    {
        var members = document?.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value) ?? [];
        foreach (var field in Enum.GetValues<ResponseProperty>())
        {
            var value = Chosen(members, field);
            var isNumber = value?.ValueKind == JsonValueKind.Number;
            using (Assert.EnterMultipleScope())
            {
                Assert.That(response.Text(field), Is.EqualTo(TextOf(value) is "" ? null : TextOf(value)));
                Assert.That(response.Number(field), Is.EqualTo(isNumber && double.IsFinite(value!.Value.GetDouble()) ? value.Value.GetDouble() : null));
                Assert.That(response.Texts(field), Is.EqualTo(ItemsOf(value).Select(TextOf).Select(text => text?.Trim()).Where(text => text is { Length: > 0 })));
                Assert.That(
                    response.Objects(field).Select(item => item.GetRawText()),
                    Is.EqualTo(ItemsOf(value).Where(item => item?.ValueKind == JsonValueKind.Object).Select(item => item!.Value.GetRawText())));
                Assert.That(response.Object(field)?.GetRawText(), Is.EqualTo(value?.ValueKind == JsonValueKind.Object ? value.Value.GetRawText() : null));
                Assert.That(response.Value(field)?.GetRawText(), Is.EqualTo(value?.ValueKind == JsonValueKind.Null ? null : value?.GetRawText()));
            }
        }

        return response;
    }

    private static byte[] Mutated(string json, IEnumerable<(int Place, string Piece)> pieces, int cut)
    {
        foreach (var (place, piece) in pieces)
        {
            json = json.Insert(place % (json.Length + 1), piece);
        }

        return Encoding.UTF8.GetBytes(json[..Math.Max(0, json.Length - cut)]);
    }

    private static JsonDocument? Parsed(byte[] bytes)
    {
        try
        {
            var document = Utf8.IsValid(bytes) ? JsonDocument.Parse(bytes, s_strict) : null;
            return document?.RootElement.ValueKind == JsonValueKind.Object ? document : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonElement? Chosen(Dictionary<string, JsonElement> members, ResponseProperty field)
    {
        var snake = JsonNamingPolicy.SnakeCaseLower.ConvertName(field.ToString());
        var camel = JsonNamingPolicy.CamelCase.ConvertName(field.ToString());
        return members.TryGetValue(snake, out var own) && own.GetRawText() is not ("null" or "\"\"") && !(own.ValueKind == JsonValueKind.Array && own.GetArrayLength() == 0)
            ? own
            : snake != camel && members.TryGetValue(camel, out var other) ? other : null;
    }

    private static IEnumerable<JsonElement?> ItemsOf(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(item => (JsonElement?)item) : [];

    private static string? TextOf(JsonElement? value)
    {
        try
        {
            return value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
