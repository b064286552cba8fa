using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thoth.Interception.Arguments;

/// <summary>Writes an <c>ImmutableArray&lt;T&gt;</c> that was never set as null, and reads null as such an array.</summary>
internal sealed class ImmutableArrayConverterFactory : JsonConverterFactory
{
    public static bool IsArray(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);

    public override bool CanConvert(Type typeToConvert) => IsArray(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<T> : JsonConverter<ImmutableArray<T>>
    {
        public override bool HandleNull => true;

        public override ImmutableArray<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? default : [.. JsonSerializer.Deserialize<List<T>>(ref reader, options)!];

        public override void Write(Utf8JsonWriter writer, ImmutableArray<T> value, JsonSerializerOptions options)
        {
            if (value.IsDefault)
            {
                WritingNotes.Current?.Add(WritingNotes.UnsetArray);
                writer.WriteNullValue();
                return;
            }

            // As an array, bytes would become text.
            JsonSerializer.Serialize<IEnumerable<T>>(writer, ImmutableCollectionsMarshal.AsArray(value)!, options);
        }
    }
}
