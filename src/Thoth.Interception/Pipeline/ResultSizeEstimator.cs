using System.Collections;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Thoth.Interception.Arguments;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Pipeline;

/// <summary>
/// Estimates the size of a tool's result as JSON (contract §5.4). Results that serialization could run or change, such as a lazy sequence,
/// a stream or an object of a generated type, have no size.
/// </summary>
internal static class ResultSizeEstimator
{
    private static readonly ConcurrentDictionary<Type, JsonTypeInfo?> s_renderable = new();

    public static long? Estimate(object? result)
    {
        if (result is null)
        {
            return null;
        }

        if (result is string text && PooledJsonWriter.IsPlain(text))
        {
            return text.Length + 2;
        }

        if (s_renderable.GetOrAdd(result.GetType(), RenderableInfo) is not { } info)
        {
            return null;
        }

        using var json = PooledJsonWriter.Rent(ArgumentJson.MaxBytes);
        try
        {
            JsonSerializer.Serialize(json.Validating, result, info);
            return json.Written.Length;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static JsonTypeInfo? RenderableInfo(Type type)
    {
        try
        {
            return IsData(type, []) ? ArgumentJson.Default.Reading.GetTypeInfo(type) : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The serializer may throw, and so may the attributes and converters of the tool's types.
            return null;
        }
    }

    private static bool IsData(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type))
        {
            return true;
        }

        if (type == typeof(object) || type.Assembly.IsDynamic || PlaceholderTypes.Contains(type))
        {
            return false;
        }

        var info = ArgumentJson.Default.Reading.GetTypeInfo(type);
        return info.Kind switch
        {
            JsonTypeInfoKind.Object => AllAreData(info.Properties, seen),
            JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary =>
                IsHeldInMemory(type) && (info.ElementType is null || IsData(info.ElementType, seen)),
            _ => true,
        };
    }

    private static bool AllAreData(IList<JsonPropertyInfo> properties, HashSet<Type> seen)
    {
        foreach (var property in properties)
        {
            if (property.Get is not null && !IsData(property.PropertyType, seen))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsHeldInMemory(Type type) =>
        type.IsArray || typeof(ICollection).IsAssignableFrom(type)
        || Array.Exists([type, .. type.GetInterfaces()], static candidate => candidate.IsGenericType
            && (candidate.GetGenericTypeDefinition() == typeof(ICollection<>) || candidate.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>)));
}
