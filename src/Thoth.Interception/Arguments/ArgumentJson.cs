using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Arguments;

/// <summary>
/// How arguments become JSON and come back. Writing is complete: fields as well as properties, and every value by the type
/// that it has, not the one that it is declared with. Reading is strict: no unknown member, no null where none belongs.
/// </summary>
internal sealed class ArgumentJson
{
    /// <summary>The contract's limit, so that an endless value cannot exhaust the process.</summary>
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

            // A value that the enumeration does not have can be shown, but no decision may bring one.
            options.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: options == Writing));
        }

        Reading.TypeInfoResolver = new DefaultJsonTypeInfoResolver();
        Reading.MakeReadOnly();

        var shapes = new TypeShapes(Reading);
        Writing.Converters.Add(new UniqueMembersConverterFactory());
        Writing.Converters.Add(new RuntimeTypeElementConverterFactory(shapes));
        Writing.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { shapes.WriteCompletely } };
        Writing.MakeReadOnly();
        Shapes = shapes;
    }

    /// <summary>For interfaces that bring no converters of their own: one set of cached type information for all of them.</summary>
    public static ArgumentJson Default { get; } = new([]);

    public JsonSerializerOptions Writing { get; }

    public JsonSerializerOptions Reading { get; }

    public TypeShapes Shapes { get; }

    public static ArgumentJson With(IList<JsonConverter> converters) =>
        converters.Count == 0 ? Default : new ArgumentJson([.. converters]);
}
