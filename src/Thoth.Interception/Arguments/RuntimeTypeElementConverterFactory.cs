using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Writes collections and dictionaries whose elements may be of a derived type: each element by its runtime type. An element that is
/// a collection itself is written by its declared type, after a check that its runtime type has no further members.
/// </summary>
internal sealed class RuntimeTypeElementConverterFactory(RuntimeTypeRules rules) : JsonConverterFactory
{
    /// <summary>The largest JSON that may be sent holds no more entries.</summary>
    private const int MaxEntries = ArgumentJson.MaxBytes / 4;

    public override bool CanConvert(Type typeToConvert) => ConverterTypeFor(typeToConvert) is not null;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(ConverterTypeFor(typeToConvert)!)!;

    private Type? ConverterTypeFor(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Element<>))
        {
            var element = type.GetGenericArguments()[0];
            return (rules.IsOpen(element) ? typeof(ByRuntimeType<>) : typeof(Inspected<>)).MakeGenericType(element);
        }

        switch (rules.KindOf(type))
        {
            case JsonTypeInfoKind.Enumerable when ArgumentsOf(type, typeof(IEnumerable<>)) is [var element] && IsOpen(element):
                return typeof(Elements<,>).MakeGenericType(type, element);
            case JsonTypeInfoKind.Dictionary when (ArgumentsOf(type, typeof(IDictionary<,>)) ?? ArgumentsOf(type, typeof(IReadOnlyDictionary<,>)))
                    is [var key, var value] && IsOpen(value):
                return typeof(Entries<,,>).MakeGenericType(type, key, value);
            default:
                return null;
        }
    }

    private bool IsOpen(Type element) => rules.IsOpen(element) || rules.IsOpenCollection(element);

    private static Type[]? ArgumentsOf(Type type, Type definition)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == definition)
        {
            return type.GetGenericArguments();
        }

        return Array.Find(type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == definition)?.GetGenericArguments();
    }

    /// <summary>Wraps an element, so that a converter of this factory writes it.</summary>
    private readonly record struct Element<T>(T Value);

    private abstract class WriteOnly<T> : JsonConverter<T>
    {
        public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();
    }

    private sealed class ByRuntimeType<T> : WriteOnly<Element<T>>
    {
        public override void Write(Utf8JsonWriter writer, Element<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize<object?>(writer, value.Value, options);
    }

    private sealed class Inspected<T> : WriteOnly<Element<T>>
    {
        public override void Write(Utf8JsonWriter writer, Element<T> value, JsonSerializerOptions options)
        {
            if (value.Value is not null)
            {
                UnserializedStateGuard.RefuseBesidesElements(value.Value.GetType());
            }

            JsonSerializer.Serialize(writer, value.Value, options);
        }
    }

    private sealed class Elements<TCollection, T> : WriteOnly<TCollection>
        where TCollection : IEnumerable<T>
    {
        public override void Write(Utf8JsonWriter writer, TCollection value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var element in value)
            {
                JsonSerializer.Serialize(writer, new Element<T>(element), options);
            }

            writer.WriteEndArray();
        }
    }

    private sealed class Entries<TDictionary, TKey, TValue> : WriteOnly<TDictionary>
        where TDictionary : IEnumerable<KeyValuePair<TKey, TValue>>
        where TKey : notnull
    {
        public override void Write(Utf8JsonWriter writer, TDictionary value, JsonSerializerOptions options)
        {
            // The keys keep the serializer's own treatment; only the values change their declared type.
            var open = new Dictionary<TKey, Element<TValue>>();
            foreach (var (key, element) in value)
            {
                if (open.Count == MaxEntries)
                {
                    throw new InvalidOperationException("The dictionary has more entries than 1 MiB of JSON can hold.");
                }

                open.Add(key, new Element<TValue>(element));
            }

            JsonSerializer.Serialize(writer, open, options);
        }
    }
}
