using System.Text.Json;

namespace Thoth.Interception.Serialization;

/// <summary>Writes members of the types that contract §5.3 allows, under their own names. Empty members and values of other types are left out.</summary>
internal static class ContractJson
{
    public static void Text(this PooledJsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.Name(name);
            json.Text(value);
        }
    }

    public static void Number(this PooledJsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.Name(name);
            json.Number(number);
        }
    }

    public static void Number(this PooledJsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            json.Name(name);
            json.Number(number);
        }
    }

    public static void Texts(this PooledJsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string>? values, Func<string, bool>? allowed = null)
    {
        if (values is not { Count: > 0 })
        {
            return;
        }

        json.Name(name);
        json.Raw("["u8);
        var isFirst = true;
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is { } value && allowed?.Invoke(value) != false)
            {
                json.Raw(isFirst ? ""u8 : ","u8);
                json.Text(value);
                isFirst = false;
            }
        }

        json.Raw("]"u8);
    }

    public static void Text(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>Writes all texts, or an empty list if there are none.</summary>
    public static void List(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>Gets members as bytes, each with a comma before it, to be copied into many objects that have members before them.</summary>
    public static byte[] Members<T>(T source, Action<Utf8JsonWriter, T> write)
    {
        using var json = PooledJsonWriter.Rent();
        json.Members(source, write);
        return json.Written.ToArray();
    }

    public static void TextsOf(this Utf8JsonWriter json, JsonElement source, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (TextIn(source, name) is { Length: > 0 } text)
            {
                json.WriteString(name, text);
            }
        }
    }

    public static void NumbersOf(this Utf8JsonWriter json, JsonElement source, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (source.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
                && double.IsFinite(number))
            {
                json.WriteNumber(name, number);
            }
        }
    }

    public static void ListsOf(this Utf8JsonWriter json, JsonElement source, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!source.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array)
            {
                continue;
            }

            json.WriteStartArray(name);
            foreach (var item in list.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.String)
                {
                    json.WriteStringValue(item.GetString());
                }
            }

            json.WriteEndArray();
        }
    }

    public static string? TextIn(JsonElement? source, string name) =>
        source is { ValueKind: JsonValueKind.Object } element
        && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
