using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>JSON values as docs/policy.md reads and compares them. A null node is the JSON null.</summary>
internal static class ReferenceJson
{
    private const int MaxLevels = 64;

    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    /// <summary>Reads the arguments of a call: null without arguments.</summary>
    /// <exception cref="UnreadableArgumentsException">The arguments are unreadable.</exception>
    public static JsonObject? ReadArguments(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return null;
        }

        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8.Span);
            using var document = JsonDocument.Parse(text, new() { MaxDepth = MaxLevels });
            ReadNamesAndStrings(document.RootElement);
            return JsonNode.Parse(text, documentOptions: new() { MaxDepth = MaxLevels }) as JsonObject ?? throw new UnreadableArgumentsException();
        }
        catch (Exception exception) when (exception is DecoderFallbackException or JsonException or InvalidOperationException)
        {
            throw new UnreadableArgumentsException();
        }
    }

    /// <summary>Gets the elements of an array, or the value itself.</summary>
    public static IEnumerable<JsonNode?> OneOrMore(JsonNode? value) => value is JsonArray array ? array.AsEnumerable() : [value];

    public static bool IsString(JsonNode? value) => KindOf(value) == JsonValueKind.String;

    public static bool IsNumber(JsonNode? value) => KindOf(value) == JsonValueKind.Number;

    /// <summary>Determines whether both are strings, numbers, or <c>true</c> or <c>false</c>.</summary>
    public static bool HaveSameType(JsonNode? one, JsonNode? other) =>
        (KindOf(one), KindOf(other)) is (JsonValueKind.String, JsonValueKind.String) or (JsonValueKind.Number, JsonValueKind.Number)
            or (JsonValueKind.True or JsonValueKind.False, JsonValueKind.True or JsonValueKind.False);

    public static bool AreEqual(JsonNode? one, JsonNode? other) =>
        HaveSameType(one, other) && (IsNumber(one)
            ? NumberOf(one) == NumberOf(other)
            : IsString(one) ? string.Equals((string)one!, (string)other!, StringComparison.Ordinal) : KindOf(one) == KindOf(other));

    public static ReferenceNumber NumberOf(JsonNode? value) => ReferenceNumber.Parse(value!.ToJsonString());

    public static int LevelsOf(JsonNode? value) => value switch
    {
        JsonObject item => 1 + item.Select(member => LevelsOf(member.Value)).DefaultIfEmpty().Max(),
        JsonArray array => 1 + array.Select(LevelsOf).DefaultIfEmpty().Max(),
        _ => 0,
    };

    public static bool IsNestedTooDeep(JsonNode value) => LevelsOf(value) > MaxLevels;

    /// <summary>Writes without blanks: the order of members and the notation of numbers stay.</summary>
    public static string Write(JsonNode? value) => value?.ToJsonString(s_readable) ?? "null";

    private static JsonValueKind KindOf(JsonNode? value) => value?.GetValueKind() ?? JsonValueKind.Null;

    // A string with half of a surrogate pair throws InvalidOperationException.
    private static void ReadNamesAndStrings(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var element in value.EnumerateArray())
                {
                    ReadNamesAndStrings(element);
                }

                break;
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var member in value.EnumerateObject())
                {
                    if (!names.Add(member.Name))
                    {
                        throw new UnreadableArgumentsException();
                    }

                    ReadNamesAndStrings(member.Value);
                }

                break;
        }
    }
}
