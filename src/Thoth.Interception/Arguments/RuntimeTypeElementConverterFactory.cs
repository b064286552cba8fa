using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Writes collections and dictionaries whose elements may be of a derived type: each element by its runtime type. An element that is
/// a collection itself, or polymorphic, is written by its declared type, and its runtime type is noted.
/// </summary>
internal sealed class RuntimeTypeElementConverterFactory(RuntimeTypeRules rules) : JsonConverterFactory
{
    /// <summary>The largest JSON that may be sent holds no more entries.</summary>
    private const int MaxEntries = ArgumentJson.MaxBytes / 4;

    public override bool CanConvert(Type typeToConvert) => ConverterTypeFor(typeToConvert) is not null;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        var type = ConverterTypeFor(typeToConvert)!;
        if (!IsElement(typeToConvert))
        {
            CollectionMembers.RefuseIn(typeToConvert);
        }

        object[] arguments = type.GetGenericTypeDefinition() == typeof(Inspected<>) ? [rules.IsConverted(type.GetGenericArguments()[0])] : [];
        return (JsonConverter)Activator.CreateInstance(type, arguments)!;
    }

    private Type? ConverterTypeFor(Type type)
    {
        if (IsElement(type))
        {
            var element = type.GetGenericArguments()[0];
            return (rules.IsOpen(element) ? typeof(ByRuntimeType<>) : typeof(Inspected<>)).MakeGenericType(element);
        }

        var info = FrameworkTypes.IsOptional(type) ? null : rules.InfoOf(type);
        if (info?.ElementType is not { } item || !(rules.IsOpen(item) || rules.IsNoted(item)))
        {
            return null;
        }

        switch (info.Kind)
        {
            case JsonTypeInfoKind.Enumerable when IsMemory(type):
                return typeof(MemoryElements<,>).MakeGenericType(type, item);
            case JsonTypeInfoKind.Enumerable when typeof(IEnumerable<>).MakeGenericType(item).IsAssignableFrom(type):
                return typeof(Elements<,>).MakeGenericType(type, item);
            case JsonTypeInfoKind.Dictionary when info.KeyType is { } key
                    && typeof(IEnumerable<>).MakeGenericType(typeof(KeyValuePair<,>).MakeGenericType(key, item)).IsAssignableFrom(type):
                return typeof(Entries<,,>).MakeGenericType(type, key, item);
            default:
                throw new ArgumentObstacleException($"the elements of '{type}' cannot be written one by one; use a list or an array");
        }
    }

    private static bool IsElement(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Element<>);

    private static bool IsMemory(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() is var definition
        && (definition == typeof(Memory<>) || definition == typeof(ReadOnlyMemory<>));

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

    private sealed class Inspected<T>(bool isConverted) : WriteOnly<Element<T>>
    {
        public override void Write(Utf8JsonWriter writer, Element<T> value, JsonSerializerOptions options)
        {
            if (value.Value is not null)
            {
                RuntimeTypeRules.Note(value.Value, typeof(T), isConverted);
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

    private sealed class MemoryElements<TMemory, T> : WriteOnly<TMemory>
    {
        public override void Write(Utf8JsonWriter writer, TMemory value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            var memory = value is Memory<T> writable ? writable : (ReadOnlyMemory<T>)(object)value!;
            for (var i = 0; i < memory.Length; i++)
            {
                JsonSerializer.Serialize(writer, new Element<T>(memory.Span[i]), options);
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
                    throw new ArgumentObstacleException("the dictionary has more entries than 1 MiB of JSON can hold; pass fewer");
                }

                if (!open.TryAdd(key, new Element<TValue>(element)))
                {
                    throw new ArgumentObstacleException("it has a key twice, and parsers disagree about which one counts; use one comparer for all");
                }
            }

            JsonSerializer.Serialize(writer, open, options);
        }
    }
}
