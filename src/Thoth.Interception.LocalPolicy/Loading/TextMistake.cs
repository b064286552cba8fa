namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>Finds what is wrong with a text as a whole: it is empty or in another encoding.</summary>
internal static class TextMistake
{
    /// <summary>Gets the error message; <see langword="null"/> if the text may be JSON in UTF-8.</summary>
    public static string? Find(ReadOnlySpan<byte> text) =>
        EncodingOf(text) is { } encoding ? $"The policy is encoded as {encoding}. Save it as UTF-8."
        : text.IndexOfAnyExcept(" \t\r\n"u8) < 0 ? "The policy is empty. Write at least {\"rules\": []}."
        : null;

    /// <summary>Recognizes another encoding by its byte order mark, or by the zero bytes beside the first characters.</summary>
    private static string? EncodingOf(ReadOnlySpan<byte> text) => text switch
    {
        [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] or [not 0, 0, 0, 0, ..] or [0, 0, 0, not 0, ..] => "UTF-32",
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [not 0, 0, not 0, 0, ..] or [0, not 0, 0, not 0, ..] => "UTF-16",
        _ => null,
    };
}
