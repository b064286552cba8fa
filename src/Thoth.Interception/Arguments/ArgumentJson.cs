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

    private ArgumentJson(IReadOnlyList<JsonConverter> converters)
    {
        Reading = new JsonSerializerOptions(JsonSerializerOptions.Strict)
        {
            IncludeFields = true,
            MaxDepth = PooledJsonWriter.MaxDepth,
        };
        Writing = new JsonSerializerOptions { IncludeFields = true, MaxDepth = PooledJsonWriter.MaxDepth };
        foreach (var options in (JsonSerializerOptions[])[Reading, Writing])
        {
            foreach (var converter in converters)
            {
                options.Converters.Add(converter);
            }

            options.Converters.Add(new PlaceholderTypes.ConverterFactory());

            // A number that the enumeration does not define is written, but a decision must not bring one.
            options.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: options == Writing));
        }

        Reading.TypeInfoResolver = new DefaultJsonTypeInfoResolver();
        Reading.MakeReadOnly();

        var runtimeTypes = new RuntimeTypeRules(Reading);
        Writing.Converters.Add(new UniqueMembersConverterFactory());
        Writing.Converters.Add(new RuntimeTypeElementConverterFactory(runtimeTypes));
        Writing.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { runtimeTypes.WriteCompletely } };
        Writing.MakeReadOnly();
        RuntimeTypes = runtimeTypes;
    }

    /// <summary>Gets the options of all interfaces without converters, which share the serializer's cached type information.</summary>
    public static ArgumentJson Default { get; } = new([]);

    public JsonSerializerOptions Writing { get; }

    public JsonSerializerOptions Reading { get; }

    public RuntimeTypeRules RuntimeTypes { get; }

    public static ArgumentJson With(IList<JsonConverter> converters) =>
        converters.Count == 0 ? Default : new ArgumentJson([.. converters]);
}
