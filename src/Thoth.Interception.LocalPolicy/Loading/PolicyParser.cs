using System.Text.Json;
using System.Text.Unicode;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>
/// Parses a policy file's JSON into nodes with positions. The JSON is strict: comments, trailing commas and duplicate keys
/// are errors.
/// </summary>
internal sealed class PolicyParser
{
    /// <summary>The most levels of objects and arrays.</summary>
    public const int MaxDepth = 64;

    private readonly PolicyText _text;

    /// <summary>The place of the value that is being read, for errors of the JSON itself.</summary>
    private PolicyPlace _place = PolicyPlace.Root;

    private PolicyParser(PolicyText text) => _text = text;

    /// <summary>Parses the text.</summary>
    /// <param name="text">The text, which collects the errors.</param>
    /// <returns>The root.</returns>
    /// <exception cref="PolicyLoadException">The text is not valid JSON.</exception>
    public static PolicyNode Parse(PolicyText text)
    {
        if (TextMistake.Find(text.Json) is { } mistake)
        {
            text.Report(0, PolicyPlace.Root, mistake);
            throw text.ToException();
        }

        return new PolicyParser(text).Parse();
    }

    private PolicyNode Parse()
    {
        var reader = new Utf8JsonReader(_text.Json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            var root = ReadValue(ref reader, PolicyPlace.Root);

            // Only reading on finds a second value after the first.
            reader.Read();
            return root;
        }
        catch (JsonException e)
        {
            var mistake = new JsonMistake(_text);
            var (offset, message) = mistake.Find();
            _text.Report(offset, mistake.KeyWithoutColon is { } key ? new(_place, key, 0) : _place, message);
            throw _text.ToException(e);
        }
        catch (InvalidOperationException e)
        {
            _text.Report((int)reader.TokenStartIndex, _place, Utf8.IsValid(reader.ValueSpan)
                ? "The string contains half of a surrogate pair. Write both halves, such as \\ud83d\\ude00, or the character itself."
                : "The string is not UTF-8. Save the policy as UTF-8.");
            throw _text.ToException(e);
        }
    }

    private PolicyNode ReadValue(ref Utf8JsonReader reader, PolicyPlace place)
    {
        _place = place;
        var offset = (int)reader.TokenStartIndex;
        var node = reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref reader, new(JsonValueKind.Object, offset, place)),
            JsonTokenType.StartArray => ReadArray(ref reader, new(JsonValueKind.Array, offset, place)),
            JsonTokenType.String => new(JsonValueKind.String, offset, place) { Text = reader.GetString()! },
            JsonTokenType.Number => new(JsonValueKind.Number, offset, place),
            JsonTokenType.True => new(JsonValueKind.True, offset, place),
            JsonTokenType.False => new(JsonValueKind.False, offset, place),
            _ => new PolicyNode(JsonValueKind.Null, offset, place),
        };
        node.End = (int)reader.BytesConsumed;
        return node;
    }

    private PolicyNode ReadObject(ref Utf8JsonReader reader, PolicyNode node)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var offset = (int)reader.TokenStartIndex;
            _place = new(node.Place, name, 0);
            if (!names.Add(name))
            {
                _text.Report(offset, _place, $"The key '{PolicyText.Shown(name)}' appears twice. Remove one.");
            }

            reader.Read();
            node.Members.Add(new(name, offset, ReadValue(ref reader, _place)));
            _place = node.Place;
        }

        return node;
    }

    private PolicyNode ReadArray(ref Utf8JsonReader reader, PolicyNode node)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            node.Items.Add(ReadValue(ref reader, new(node.Place, null, node.Items.Count)));
            _place = node.Place;
        }

        return node;
    }
}
