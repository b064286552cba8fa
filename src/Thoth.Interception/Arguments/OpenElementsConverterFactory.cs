using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Thoth.Interception;

/// <summary>Writes collections and dictionaries whose elements may be of a derived type, each element by its own type.</summary>
internal sealed class OpenElementsConverterFactory(TypeShapes shapes) : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => ConverterTypeFor(typeToConvert) is not null;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(ConverterTypeFor(typeToConvert)!)!;

    private Type? ConverterTypeFor(Type type)
    {
        switch (shapes.KindOf(type))
        {
            case JsonTypeInfoKind.Enumerable when ArgumentsOf(type, typeof(IEnumerable<>)) is [var element] && shapes.IsOpen(element):
                return typeof(Elements<,>).MakeGenericType(type, element);
            case JsonTypeInfoKind.Dictionary when (ArgumentsOf(type, typeof(IDictionary<,>)) ?? ArgumentsOf(type, typeof(IReadOnlyDictionary<,>)))
                    is [var key, var value] && shapes.IsOpen(value):
                return typeof(Entries<,,>).MakeGenericType(type, key, value);
            default:
                return null;
        }
    }

    private static Type[]? ArgumentsOf(Type type, Type definition)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == definition)
        {
            return type.GetGenericArguments();
        }

        return Array.Find(type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == definition)?.GetGenericArguments();
    }

    private sealed class Elements<TCollection, T> : JsonConverter<TCollection>
        where TCollection : IEnumerable<T>
    {
        public override TCollection Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, TCollection value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var element in value)
            {
                JsonSerializer.Serialize<object?>(writer, element, options);
            }

            writer.WriteEndArray();
        }
    }

    private sealed class Entries<TDictionary, TKey, TValue> : JsonConverter<TDictionary>
        where TDictionary : IEnumerable<KeyValuePair<TKey, TValue>>
        where TKey : notnull
    {
        public override TDictionary Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, TDictionary value, JsonSerializerOptions options)
        {
            // The keys keep the serializer's own treatment; only the values change their declared type.
            var open = new Dictionary<TKey, object?>();
            foreach (var (key, element) in value)
            {
                open.Add(key, element);
            }

            JsonSerializer.Serialize(writer, open, options);
        }
    }
}
