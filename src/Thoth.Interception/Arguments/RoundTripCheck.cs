using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Thoth.Interception.Arguments;

/// <summary>Checks at registration whether the values of a type survive a copy through JSON, by the type alone.</summary>
internal static class RoundTripCheck
{
    /// <summary>Gets the reason why a type does not survive, or <see langword="null"/> if none is known.</summary>
    public static string? ObstacleIn(Type type, ArgumentJson json) => ObstacleIn(type, json, []);

    private static string? ObstacleIn(Type type, ArgumentJson json, HashSet<Type> seen)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (ImmutableArrayConverterFactory.IsArray(type) && !json.IsConverted(type))
        {
            type = type.GetGenericArguments()[0];
        }

        if (!seen.Add(type))
        {
            return null;
        }

        if (type == typeof(object) || PlaceholderTypes.Contains(type))
        {
            return $"'{type}' is not a data type";
        }

        try
        {
            var info = json.Reading.GetTypeInfo(type);
            return info.Kind switch
            {
                JsonTypeInfoKind.Object => ObstacleInObject(info, json, seen),
                JsonTypeInfoKind.Enumerable => ObstacleInCollection(info, "[]", json, seen),
                JsonTypeInfoKind.Dictionary => ObstacleInCollection(info, "{}", json, seen),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException or JsonException)
        {
            return $"'{type}' cannot be read from JSON";
        }
    }

    private static string? ObstacleInObject(JsonTypeInfo info, ArgumentJson json, HashSet<Type> seen)
    {
        var constructed = false;
        foreach (var property in info.Properties)
        {
            constructed |= property.AssociatedParameter is not null;
            if (property.Get is null)
            {
                continue;
            }

            if (property is { Set: null, AssociatedParameter: null, ObjectCreationHandling: not JsonObjectCreationHandling.Populate })
            {
                return $"'{info.Type}.{property.Name}' cannot be set";
            }

            if (ObstacleIn(property.PropertyType, json, seen) is { } obstacle)
            {
                return obstacle;
            }
        }

        return info.CreateObject is null && !constructed && info.PolymorphismOptions is null
            ? $"'{info.Type}' cannot be constructed"
            : null;
    }

    private static string? ObstacleInCollection(JsonTypeInfo info, string empty, ArgumentJson json, HashSet<Type> seen)
    {
        // Only the serializer knows which collection types it can fill.
        JsonSerializer.Deserialize(empty, info);
        return info.ElementType is { } element ? ObstacleIn(element, json, seen) : null;
    }
}
