using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Thoth.Interception.Arguments;

/// <summary>Writes arguments that are JSON themselves. A <c>JsonElement</c> that was never set is null.</summary>
internal sealed class JsonValueConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert == typeof(JsonElement) || typeToConvert == typeof(JsonDocument) || typeof(JsonNode).IsAssignableFrom(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        typeToConvert == typeof(JsonElement) ? new Elements()
        : typeToConvert == typeof(JsonDocument) ? new Documents()
        : (JsonConverter)Activator.CreateInstance(typeof(Nodes<>).MakeGenericType(typeToConvert))!;

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        var notes = WritingNotes.Current;
        if (element.ValueKind == JsonValueKind.Undefined)
        {
            notes?.Add(WritingNotes.UnsetElement);
            notes?.Objects.LearnUnsetElement();
            writer.WriteNullValue();
            return;
        }

        if (notes is not null)
        {
            notes.Replacements += WrittenJson.ReplacementsIn(JsonMarshal.GetRawUtf8Value(element));
        }

        element.WriteTo(writer);
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node, JsonSerializerOptions options)
    {
        switch (node)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonObject members:
                writer.WriteStartObject();

                // Enumerating a parsed object builds its dictionary, which throws if a name is repeated.
                foreach (var (name, value) in members)
                {
                    TextConverters.WriteName(writer, name);
                    Write(writer, value, options);
                }

                writer.WriteEndObject();
                break;
            case JsonArray array:
                writer.WriteStartArray();
                foreach (var item in array)
                {
                    Write(writer, item, options);
                }

                writer.WriteEndArray();
                break;
            case JsonValue value when value.TryGetValue<JsonElement>(out var element):
                Write(writer, element);
                break;
            default:
                // A node made in code holds an object of any type, which the tool can take out again. A scalar is as good as its JSON.
                var held = node.GetValue<object>();
                JsonSerializer.Serialize(writer, held, IsScalar(held.GetType()) ? held.GetType() : typeof(object), options);
                break;
        }
    }

    private static bool IsScalar(Type type) =>
        Type.GetTypeCode(type) != TypeCode.Object || type == typeof(Guid) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan);

    private sealed class Elements : JsonConverter<JsonElement>
    {
        public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
            JsonValueConverterFactory.Write(writer, value);
    }

    private sealed class Documents : JsonConverter<JsonDocument>
    {
        public override JsonDocument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, JsonDocument value, JsonSerializerOptions options) =>
            JsonValueConverterFactory.Write(writer, value.RootElement);
    }

    private sealed class Nodes<T> : JsonConverter<T>
        where T : JsonNode
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            if (value.Options?.PropertyNameCaseInsensitive == true)
            {
                WritingNotes.Current?.Add(StringComparer.OrdinalIgnoreCase);
            }

            JsonValueConverterFactory.Write(writer, value, options);
        }
    }
}
