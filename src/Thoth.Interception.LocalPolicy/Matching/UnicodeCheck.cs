using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>
/// Checks that JSON contains only valid Unicode. System.Text.Json notices half of a surrogate pair only when it reads that
/// string, so the verdict would depend on which arguments a policy reads.
/// </summary>
internal static class UnicodeCheck
{
    /// <exception cref="JsonException">The text is not UTF-8, or an escape is half of a surrogate pair.</exception>
    public static void Require(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            throw new JsonException("The arguments are not UTF-8.");
        }

        while (true)
        {
            var escape = json.IndexOf((byte)'\\');
            if (escape < 0)
            {
                return;
            }

            json = json[escape..];
            var unit = EscapedUnit(json);
            if (unit is >= 0xDC00 and <= 0xDFFF || (unit is >= 0xD800 and <= 0xDBFF && EscapedUnit(json[6..]) is not (>= 0xDC00 and <= 0xDFFF)))
            {
                throw new JsonException("The arguments contain half of a surrogate pair.");
            }

            json = json[Math.Min(json.Length, unit < 0 ? 2 : unit is >= 0xD800 and <= 0xDBFF ? 12 : 6)..];
        }
    }

    /// <summary>Gets the UTF-16 unit that an escape stands for; -1 for any other text.</summary>
    private static int EscapedUnit(ReadOnlySpan<byte> json) =>
        json is [(byte)'\\', (byte)'u', _, _, _, _, ..]
        && int.TryParse(json.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? unit
            : -1;
}
