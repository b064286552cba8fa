using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Thoth.Interception.Arguments;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Pipeline;

/// <summary>
/// Estimates the size of a tool's result as JSON (contract §5.4). A result has no size if measuring it could run code of the application:
/// a getter, an enumerator or a proxy.
/// </summary>
internal static class ResultSizeEstimator
{
    private static readonly JsonSerializerOptions s_json = Options();
    private static readonly EffectFreeTypes s_effectFree = new(s_json);
    private static readonly ConcurrentDictionary<Type, JsonTypeInfo?> s_measurable = new();

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

        if (s_measurable.GetOrAdd(result.GetType(), MeasurableInfo) is not { } info)
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

    private static JsonTypeInfo? MeasurableInfo(Type type)
    {
        try
        {
            return s_effectFree.Contains(type) ? s_json.GetTypeInfo(type) : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The serializer refuses some types.
            return null;
        }
    }

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions
        {
            IncludeFields = true,
            MaxDepth = PooledJsonWriter.MaxDepth,
            Converters = { new JsonStringEnumConverter() },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }
}
