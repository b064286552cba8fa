using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>
/// Parses a policy file's JSON into nodes with positions. The JSON is strict: comments, trailing commas and duplicate keys
/// are errors.
/// </summary>
internal static class PolicyParser
{
    private const int MaxDepth = 64;

    /// <summary>Parses the text.</summary>
    /// <param name="text">The text, which collects the errors.</param>
    /// <returns>The root.</returns>
    /// <exception cref="PolicyLoadException">The text is not valid JSON.</exception>
    public static PolicyNode Parse(PolicyText text)
    {
        var reader = new Utf8JsonReader(text.Json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            var root = ReadValue(ref reader, text, "");

            // Only reading on finds a second value after the first.
            reader.Read();
            return root;
        }
        catch (JsonException e)
        {
            text.Report(OffsetOf(text, e), "", $"The file is not valid JSON. Correct it: {MessageOf(e)}");
            throw text.ToException(e);
        }
        catch (InvalidOperationException e)
        {
            text.Report((int)reader.TokenStartIndex, "", "A string is not valid Unicode. Correct its escapes, or save the file as UTF-8.");
            throw text.ToException(e);
        }
    }

    private static PolicyNode ReadValue(ref Utf8JsonReader reader, PolicyText text, string key)
    {
        var offset = (int)reader.TokenStartIndex;
        var node = reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref reader, text, new(JsonValueKind.Object, offset, key)),
            JsonTokenType.StartArray => ReadArray(ref reader, text, new(JsonValueKind.Array, offset, key)),
            JsonTokenType.String => new(JsonValueKind.String, offset, key) { Text = reader.GetString()! },
            JsonTokenType.Number => new(JsonValueKind.Number, offset, key),
            JsonTokenType.True => new(JsonValueKind.True, offset, key),
            JsonTokenType.False => new(JsonValueKind.False, offset, key),
            _ => new PolicyNode(JsonValueKind.Null, offset, key),
        };
        node.End = (int)reader.BytesConsumed;
        return node;
    }

    private static PolicyNode ReadObject(ref Utf8JsonReader reader, PolicyText text, PolicyNode node)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var offset = (int)reader.TokenStartIndex;
            var key = node.Key.Length == 0 ? name : $"{node.Key}.{name}";
            if (!names.Add(name))
            {
                text.Report(offset, key, $"The key '{name}' appears twice. Remove one.");
            }

            reader.Read();
            node.Members.Add(new(name, offset, ReadValue(ref reader, text, key)));
        }

        return node;
    }

    private static PolicyNode ReadArray(ref Utf8JsonReader reader, PolicyText text, PolicyNode node)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            node.Items.Add(ReadValue(ref reader, text, $"{node.Key}[{node.Items.Count}]"));
        }

        return node;
    }

    private static int OffsetOf(PolicyText text, JsonException e)
    {
        var offset = 0;
        for (var line = 0L; line < e.LineNumber; line++)
        {
            offset += text.Json[offset..].IndexOf((byte)'\n') + 1;
        }

        return offset + (int)e.BytePositionInLine.GetValueOrDefault();
    }

    /// <summary>Gets the message without the position, which the reader appends and the error already has.</summary>
    private static string MessageOf(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }
}
