using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>Creates the complete arguments of a MODIFY decision (contract §4: they replace the call's arguments).</summary>
internal static class ArgumentEditor
{
    /// <summary>Escapes only what JSON requires, so that an approver can read the text.</summary>
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Applies the edits of all rules, in file order.</summary>
    /// <param name="arguments">The call's arguments as UTF-8 JSON, or empty.</param>
    /// <param name="rules">The rules that matched.</param>
    /// <returns>The changed arguments, or <see langword="null"/> if an edit does not fit them.</returns>
    /// <exception cref="JsonException">The arguments are not a JSON object.</exception>
    public static JsonElement? Apply(ReadOnlyMemory<byte> arguments, List<PolicyRule> rules)
    {
        UnicodeCheck.Require(arguments.Span);
        var root = arguments.IsEmpty
            ? []
            : JsonNode.Parse(arguments.Span, documentOptions: EvaluatedCall.ParseOptions) as JsonObject
                ?? throw new JsonException("The arguments are not a JSON object.");
        foreach (var rule in rules)
        {
            foreach (var edit in rule.Edits)
            {
                if (!edit.Apply(root))
                {
                    return null;
                }
            }
        }

        var buffer = new ArrayBufferWriter<byte>(arguments.Length + 64);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            root.WriteTo(writer);
        }

        return Parse(buffer.WrittenMemory);
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            // Not pooled: the element is part of the decision, which has no owner that could return it.
            return JsonElement.Parse(json.Span, EvaluatedCall.ParseOptions);
        }
        catch (JsonException)
        {
            // A value of 'set' made the arguments deeper than the limit.
            return null;
        }
    }
}
