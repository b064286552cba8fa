using System.Globalization;
using System.Text;

namespace Thoth.Interception.Invocation;

/// <summary>
/// Writes identifiers in snake_case with ASCII letters, digits, <c>_</c> and <c>-</c>. No culture and no ICU data take part:
/// a policy must find the same name on every machine.
/// </summary>
internal static class SnakeCase
{
    /// <summary>The letters from U+00C0 to U+00DF without their marks. Those from U+00E0 to U+00FE are the same in lower case.</summary>
    private static readonly string?[] s_latin =
    [
        "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
        "d", "n", "o", "o", "o", "o", "o", null, "o", "u", "u", "u", "u", "y", "th", "ss",
    ];

    public static string Of(ReadOnlySpan<char> identifier)
    {
        var snake = new StringBuilder(identifier.Length + 8);
        var wasEscaped = false;
        for (var i = 0; i < identifier.Length;)
        {
            Rune.DecodeFromUtf16(identifier[i..], out var rune, out var length);
            var ascii = AsciiOf(rune);
            var isEscaped = ascii is null;
            if (i > 0 && snake[^1] != '_' && ascii != "_" && (isEscaped != wasEscaped || (char.IsUpper(identifier[i]) && StartsWord(identifier, i))))
            {
                snake.Append('_');
            }

            snake.Append(ascii ?? string.Create(CultureInfo.InvariantCulture, $"u{rune.Value:x4}"));
            wasEscaped = isEscaped;
            i += length;
        }

        return snake.ToString();
    }

    /// <summary>The rune as ASCII; <see langword="null"/> if only its code point can stand for it: <c>注</c> is <c>u6ce8</c>.</summary>
    private static string? AsciiOf(Rune rune) => rune.Value switch
    {
        >= 'A' and <= 'Z' => ((char)(rune.Value | 0x20)).ToString(),
        (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-' => ((char)rune.Value).ToString(),
        < 0x80 => "_",
        >= 0xC0 and <= 0xDF => s_latin[rune.Value - 0xC0],
        >= 0xE0 and <= 0xFE => s_latin[rune.Value - 0xE0],
        0xFF => "y",
        _ => null,
    };

    /// <summary>A capital starts a word after a small letter or digit, and before a small letter: <c>ReadPDFFile</c> is <c>read_pdf_file</c>.</summary>
    private static bool StartsWord(ReadOnlySpan<char> name, int i) =>
        !char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]));
}
