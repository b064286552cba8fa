using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.LocalPolicy.Modify;

/// <summary>Makes the complete arguments that a MODIFY decision runs with (contract §4: replaced, never merged).</summary>
internal static class ArgumentEditor
{
    /// <summary>Nothing but JSON's own characters escaped: a person who approves reads the text as it is.</summary>
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Applies the changes of every rule in file order.</summary>
    /// <param name="arguments">The call's arguments as UTF-8 JSON, or empty.</param>
    /// <param name="rules">The rules that matched.</param>
    /// <returns>The changed arguments; <see langword="null"/> where a change does not fit them.</returns>
    /// <exception cref="JsonException">The arguments are no JSON object.</exception>
    public static JsonElement? Apply(ReadOnlyMemory<byte> arguments, List<PolicyRule> rules)
    {
        var root = arguments.IsEmpty
            ? []
            : JsonNode.Parse(arguments.Span, documentOptions: EvaluatedCall.ParseOptions) as JsonObject
                ?? throw new JsonException("The arguments are no JSON object.");
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
            // Neither pooled nor disposed: the element is part of the decision and lives as long as it.
            return JsonElement.Parse(json.Span, EvaluatedCall.ParseOptions);
        }
        catch (JsonException)
        {
            // What was set lies too deep for the arguments of a tool.
            return null;
        }
    }
}
