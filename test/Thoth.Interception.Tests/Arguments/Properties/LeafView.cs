using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thoth.Interception.Tests.Arguments.Properties;

/// <summary>Compares values without parts, exactly: 1.0m is not 1.00m, -0.0 is not 0.0, local time is not UTC.</summary>
internal static class LeafView
{
    public static bool Same(object a, object b) => (a, b) switch
    {
        _ when a.GetType() != b.GetType() => false,
        (double x, double y) => BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y),
        (float x, float y) => BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y),
        (decimal x, decimal y) => decimal.GetBits(x).SequenceEqual(decimal.GetBits(y)),
        (DateTime x, DateTime y) => x.Ticks == y.Ticks && x.Kind == y.Kind,
        (DateTimeOffset x, DateTimeOffset y) => x.EqualsExact(y),
        (byte[] x, byte[] y) => x.AsSpan().SequenceEqual(y),
        (Uri x, Uri y) => x.OriginalString == y.OriginalString,
        _ => a.Equals(b),
    };

    public static bool IsShown(object leaf, JsonElement json) => leaf switch
    {
        byte[] bytes when json.ValueKind == JsonValueKind.Array => json.EnumerateArray().Select(item => item.GetRawText()).SequenceEqual(bytes.Select(one => $"{one}")),
        string text when json.ValueKind == JsonValueKind.Array => json.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            && string.Concat(json.EnumerateArray().Select(item => item.GetString())) == text,
        bool truth => json.ValueKind == (truth ? JsonValueKind.True : JsonValueKind.False),
        JsonNumber number => json.ValueKind == JsonValueKind.Number && json.GetRawText() == number.Raw,
        Enum => json.ValueKind == JsonValueKind.Number
            ? json.GetRawText() == ((Enum)leaf).ToString("D") : json.ValueKind == JsonValueKind.String && IsText(leaf, json.GetString()!),
        double or float or Half when !double.IsFinite(Convert.ToDouble(leaf is Half half ? (double)half : leaf, CultureInfo.InvariantCulture)) =>
            json.ValueKind == JsonValueKind.String && IsText(leaf, json.GetString()!),
        double or float or Half or decimal or sbyte or byte or short or ushort or int or uint or long or ulong or nint or nuint
            or Int128 or UInt128 or System.Numerics.BigInteger => json.ValueKind == JsonValueKind.Number && IsText(leaf, json.GetRawText()),
        _ => json.ValueKind == JsonValueKind.String && IsText(leaf, json.GetString()!),
    };

    /// <summary>Whether the text says the value, as a name in a dictionary or as a JSON string.</summary>
    public static bool IsText(object leaf, string text)
    {
        var invariant = CultureInfo.InvariantCulture;
        return leaf switch
        {
            string or char => leaf.ToString() == text,
            bool => leaf.ToString() == text,
            double => double.TryParse(text, invariant, out var value) && Same(value, leaf),
            float => float.TryParse(text, invariant, out var value) && Same(value, leaf),
            Half => Half.TryParse(text, invariant, out var value) && Same(value, leaf),
            Enum => Parse(leaf.GetType(), text) is { } value && value.Equals(leaf),
            Guid guid => text == guid.ToString("D"),
            DateTime => DateTime.TryParse(text, invariant, DateTimeStyles.RoundtripKind, out var value) && Same(value, leaf),
            DateTimeOffset => DateTimeOffset.TryParse(text, invariant, DateTimeStyles.None, out var value) && Same(value, leaf),
            TimeSpan => TimeSpan.TryParseExact(text, "c", invariant, out var value) && Same(value, leaf),
            DateOnly => DateOnly.TryParseExact(text, "O", invariant, DateTimeStyles.None, out var value) && Same(value, leaf),
            TimeOnly => TimeOnly.TryParse(text, invariant, out var value) && Same(value, leaf),
            byte[] bytes => text == Convert.ToBase64String(bytes),
            Uri uri => text == uri.OriginalString,
            IFormattable number => text == number.ToString(null, invariant),
            _ => text == leaf.ToString(),
        };
    }

    private static object? Parse(Type type, string text)
    {
        var names = type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(field => field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? field.Name, field => field.Name);
        var parts = text.Split(", ").Select(part => names.GetValueOrDefault(part, part));
        return Enum.TryParse(type, string.Join(", ", parts), out var value) ? value : null;
    }
}
