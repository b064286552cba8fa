using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Arguments;

/// <summary>
/// The serializer options for arguments. Writing is complete: fields as well as properties, and each value by its runtime type.
/// Reading is strict: unknown members, and null for a type that does not allow it, are refused.
/// </summary>
internal sealed class ArgumentJson
{
    /// <summary>The largest JSON of all arguments (contract §1.2.1), so that an endless value cannot exhaust the process.</summary>
    public const int MaxBytes = 1024 * 1024;

    private readonly IReadOnlyList<JsonConverter> _converters;

    private ArgumentJson(IReadOnlyList<JsonConverter> converters)
    {
        _converters = converters;
        var plain = Plain(new JsonSerializerOptions(), allowNumbers: true);
        plain.TypeInfoResolver = new DefaultJsonTypeInfoResolver();
        plain.MakeReadOnly();
        RuntimeTypes = new RuntimeTypeRules(plain);

        Reading = Plain(new JsonSerializerOptions(JsonSerializerOptions.Strict), allowNumbers: false);
        Reading.Converters.Add(new ImmutableArrayConverterFactory());
        Reading.Converters.Add(new ObjectReading.Objects());
        Reading.Converters.Add(new ObjectReading.Elements());
        Reading.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { FillWhatCannotBeSet } };
        Reading.MakeReadOnly();

        Writing = Plain(new JsonSerializerOptions(), allowNumbers: true);
        TextConverters.AddTo(Writing.Converters);
        Writing.Converters.Add(new JsonValueConverterFactory());
        Writing.Converters.Add(new ImmutableArrayConverterFactory());
        Writing.Converters.Add(new RuntimeTypeElementConverterFactory(RuntimeTypes));
        Writing.Converters.Add(new RuntimeTypeConverter(RuntimeTypes, converters.Count > 0));
        Writing.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RuntimeTypes.WriteCompletely } };
        Writing.MakeReadOnly();
    }

    /// <summary>Gets the options of all interfaces without converters, which share the serializer's cached type information.</summary>
    public static ArgumentJson Default { get; } = new([]);

    public JsonSerializerOptions Writing { get; }

    public JsonSerializerOptions Reading { get; }

    public RuntimeTypeRules RuntimeTypes { get; }

    public static ArgumentJson With(IList<JsonConverter> converters) =>
        converters.Count == 0 ? Default : new ArgumentJson([.. converters]);

    /// <summary>Whether a converter of the application writes the type.</summary>
    public bool IsConverted(Type type)
    {
        foreach (var converter in _converters)
        {
            if (converter.CanConvert(type))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Fills the collections that a type makes itself and offers without a setter.</summary>
    private static void FillWhatCannotBeSet(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || info.CreateObject is null)
        {
            return;
        }

        foreach (var property in info.Properties)
        {
            if (property is { Get: not null, Set: null, CustomConverter: null, IsExtensionData: false, AssociatedParameter: null }
                && IsFillable(property.PropertyType))
            {
                property.ObjectCreationHandling = JsonObjectCreationHandling.Populate;
            }
        }
    }

    private static bool IsFillable(Type type)
    {
        if (type.IsValueType || type.IsArray || !type.IsGenericType)
        {
            return false;
        }

        var definition = type.GetGenericTypeDefinition();
        return definition == typeof(List<>) || definition == typeof(IList<>) || definition == typeof(ICollection<>)
            || definition == typeof(HashSet<>) || definition == typeof(ISet<>) || definition == typeof(SortedSet<>)
            || definition == typeof(Dictionary<,>) || definition == typeof(IDictionary<,>) || definition == typeof(SortedDictionary<,>)
            || definition == typeof(Queue<>)
            || definition == typeof(System.Collections.ObjectModel.Collection<>)
            || definition == typeof(System.Collections.ObjectModel.ObservableCollection<>);
    }

    private JsonSerializerOptions Plain(JsonSerializerOptions options, bool allowNumbers)
    {
        options.IncludeFields = true;
        options.MaxDepth = PooledJsonWriter.MaxDepth;
        foreach (var converter in _converters)
        {
            options.Converters.Add(converter);
        }

        options.Converters.Add(new PlaceholderTypes.ConverterFactory());

        // A number that the enumeration does not define is written, but a decision must not bring one.
        options.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: allowNumbers));
        return options;
    }
}
