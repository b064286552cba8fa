namespace Thoth.Interception.Serialization;

internal static class StringExtensions
{
    /// <summary>The text without white space around it; <see langword="null"/> if nothing is left.</summary>
    public static string? TrimToNull(this string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
