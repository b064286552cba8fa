using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Compares what a decision says with what the bound value says when it is written again. Numbers must be equal exactly. Members that
/// the decision leaves out take their defaults, as omitted parameters do.
/// </summary>
internal static class JsonComparison
{
    /// <param name="type">The type that was read; <see langword="null"/> if it is not known, and the JSON must be equal.</param>
    /// <param name="said">The decision's JSON.</param>
    /// <param name="bound">The bound value's JSON.</param>
    /// <param name="json">The serializer options.</param>
    public static bool SaysTheSame(Type? type, JsonElement said, JsonElement bound, ArgumentJson json)
    {
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        var info = type is null || json.IsConverted(type) ? null : json.RuntimeTypes.InfoOf(type);
        return (said.ValueKind, bound.ValueKind, info) switch
        {
            (JsonValueKind.Object, JsonValueKind.Object, { Kind: JsonTypeInfoKind.Object, PolymorphismOptions: null }) => MembersSayTheSame(info, said, bound, json),
            (JsonValueKind.Object, JsonValueKind.Object, { Kind: JsonTypeInfoKind.Dictionary, PolymorphismOptions: null }) => EntriesSayTheSame(info, said, bound, json),
            (JsonValueKind.Array, JsonValueKind.Array, { Kind: JsonTypeInfoKind.Enumerable, PolymorphismOptions: null }) => ItemsSayTheSame(info, said, bound, json),
            (JsonValueKind.String, JsonValueKind.String, { Kind: JsonTypeInfoKind.None }) => TextSaysTheSame(type!, said, bound),
            _ => JsonElement.DeepEquals(said, bound),
        };
    }

    private static bool MembersSayTheSame(JsonTypeInfo info, JsonElement said, JsonElement bound, ArgumentJson json)
    {
        foreach (var member in said.EnumerateObject())
        {
            if (!bound.TryGetProperty(member.Name, out var value))
            {
                return false;
            }

            JsonPropertyInfo? property = null;
            foreach (var candidate in info.Properties)
            {
                property ??= candidate.Name == member.Name ? candidate : null;
            }

            if (!SaysTheSame(property is { CustomConverter: null, NumberHandling: null } ? property.PropertyType : null, member.Value, value, json))
            {
                return false;
            }
        }

        return true;
    }

    private static bool EntriesSayTheSame(JsonTypeInfo info, JsonElement said, JsonElement bound, ArgumentJson json)
    {
        foreach (var entry in said.EnumerateObject())
        {
            if (!bound.TryGetProperty(entry.Name, out var value) || !SaysTheSame(info.ElementType, entry.Value, value, json))
            {
                return false;
            }
        }

        return said.GetPropertyCount() == bound.GetPropertyCount();
    }

    private static bool ItemsSayTheSame(JsonTypeInfo info, JsonElement said, JsonElement bound, ArgumentJson json)
    {
        var length = said.GetArrayLength();
        if (length != bound.GetArrayLength())
        {
            return false;
        }

        using var others = bound.EnumerateArray();
        foreach (var item in said.EnumerateArray())
        {
            others.MoveNext();
            if (!SaysTheSame(info.ElementType, item, others.Current, json))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Enumerations, ids and times may be spelt in several ways; any other text must be equal.</summary>
    private static bool TextSaysTheSame(Type type, JsonElement said, JsonElement bound)
    {
        if (type.IsEnum)
        {
            return string.Equals(said.GetString(), bound.GetString(), StringComparison.OrdinalIgnoreCase);
        }

        if (type == typeof(Guid))
        {
            return said.TryGetGuid(out var id) && bound.TryGetGuid(out var boundId) && id == boundId;
        }

        if (type == typeof(DateTime) || type == typeof(DateTimeOffset))
        {
            return said.TryGetDateTimeOffset(out var time) && bound.TryGetDateTimeOffset(out var boundTime)
                && time == boundTime && !HasFractionOfTick(said.GetString()!);
        }

        return said.ValueEquals(bound.GetString());
    }

    /// <summary>Whether a time has more digits than .NET keeps, which is seven after the point.</summary>
    private static bool HasFractionOfTick(string time)
    {
        const int Kept = 7;
        var point = time.IndexOf('.', StringComparison.Ordinal);
        var digits = time.AsSpan(point + 1);
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        digits = end < 0 ? digits : digits[..end];
        return point >= 0 && digits.Length > Kept && digits[Kept..].ContainsAnyExcept('0');
    }
}
