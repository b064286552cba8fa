using System.Text.Json;

namespace QuickStart;

/// <summary>Writes a call's captured arguments in short.</summary>
internal static class ShortArguments
{
    private const int MaxLength = 32;

    public static string Of(ReadOnlyMemory<byte> arguments)
    {
        if (arguments.IsEmpty)
        {
            return "";
        }

        using var document = JsonDocument.Parse(arguments);
        return string.Join(", ", document.RootElement.EnumerateObject().Select(argument => $"{argument.Name}: {Of(argument.Value)}"));
    }

    private static string Of(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.ReplaceLineEndings(" "),
            JsonValueKind.Array => string.Join(" ", value.EnumerateArray().Select(Of)),
            _ => value.GetRawText(),
        };
        return text.Length <= MaxLength ? text : $"{text[..(MaxLength - 3)]}...";
    }
}
