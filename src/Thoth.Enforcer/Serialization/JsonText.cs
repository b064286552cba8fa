using System.Text.Json;

namespace Thoth.Enforcer.Serialization;

/// <summary>Checks texts inside JSON. An escape such as <c>\udc00</c> is valid JSON, but half of a surrogate pair is not a text.</summary>
internal static class JsonText
{
    /// <summary>Whether all of the JSON can be read, each name and text included.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="maxDepth">How deep it may be.</param>
    public static bool IsReadable(ReadOnlySpan<byte> json, int maxDepth) => Find(json, maxDepth) is null;

    /// <summary>Whether a name or a text is not valid Unicode. JSON that is malformed in another way is for its parser to report.</summary>
    public static bool HasHalfPair(ReadOnlySpan<byte> json) => Find(json, ApiJson.MaxDepth) is InvalidOperationException;

    private static Exception? Find(ReadOnlySpan<byte> json, int maxDepth)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && reader.ValueIsEscaped)
                {
                    reader.GetString();
                }
            }

            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return e;
        }
    }
}
