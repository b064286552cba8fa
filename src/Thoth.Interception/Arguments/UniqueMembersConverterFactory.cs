using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Writes arguments that are JSON themselves and refuses objects that repeat a member: parsers disagree about which one counts, so
/// the tool could read another value than the enforcer.
/// </summary>
internal sealed class UniqueMembersConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert == typeof(JsonElement) || typeToConvert == typeof(JsonDocument) || typeof(JsonNode).IsAssignableFrom(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        typeToConvert == typeof(JsonElement) ? new Elements()
        : typeToConvert == typeof(JsonDocument) ? new Documents()
        : (JsonConverter)Activator.CreateInstance(typeof(Nodes<>).MakeGenericType(typeToConvert))!;

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        RefuseRepeated(element, PooledJsonWriter.MaxDepth);
        element.WriteTo(writer);
    }

    private static void RefuseRepeated(JsonElement element, int depth)
    {
        if (depth == 0)
        {
            throw TooDeep();
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    RefuseRepeated(item, depth - 1);
                }

                break;
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var member in element.EnumerateObject())
                {
                    if (!names.Add(member.Name))
                    {
                        throw new NotSupportedException("The JSON repeats a member.");
                    }

                    RefuseRepeated(member.Value, depth - 1);
                }

                break;
        }
    }

    /// <summary>The recursion stops at the depth that may be written, because the application may have parsed JSON of any depth.</summary>
    private static NotSupportedException TooDeep() => new("The JSON is too deep.");

    private sealed class Elements : JsonConverter<JsonElement>
    {
        public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
            UniqueMembersConverterFactory.Write(writer, value);
    }

    private sealed class Documents : JsonConverter<JsonDocument>
    {
        public override JsonDocument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, JsonDocument value, JsonSerializerOptions options) =>
            UniqueMembersConverterFactory.Write(writer, value.RootElement);
    }

    private sealed class Nodes<T> : JsonConverter<T>
        where T : JsonNode
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            RefuseRepeated(value, PooledJsonWriter.MaxDepth);
            value.WriteTo(writer, options);
        }

        private static void RefuseRepeated(JsonNode? node, int depth)
        {
            if (depth == 0)
            {
                throw TooDeep();
            }

            switch (node)
            {
                case JsonArray array:
                    foreach (var item in array)
                    {
                        RefuseRepeated(item, depth - 1);
                    }

                    break;
                case JsonObject members:
                    // Enumerating a parsed object builds its dictionary, which throws if a name is repeated.
                    foreach (var member in members)
                    {
                        RefuseRepeated(member.Value, depth - 1);
                    }

                    break;
            }
        }
    }
}
