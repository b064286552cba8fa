using System.Text.Json;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>One call while it is being decided. Its arguments are parsed when a rule first looks at them, and once.</summary>
internal struct EvaluatedCall(EnforcementRequest request) : IDisposable
{
    private JsonDocument? _document;

    /// <summary>
    /// Strict, because two readers that disagree about a duplicate name would let one value be judged and another run.
    /// </summary>
    public static JsonDocumentOptions ParseOptions { get; } = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    public readonly EnforcementRequest Request => request;

    /// <summary>The arguments' root; undefined where the tool takes none.</summary>
    /// <exception cref="JsonException">The arguments are no JSON object.</exception>
    public JsonElement Arguments
    {
        get
        {
            if (_document is null)
            {
                if (request.Arguments.IsEmpty)
                {
                    return default;
                }

                _document = JsonDocument.Parse(request.Arguments, ParseOptions);
                if (_document.RootElement.ValueKind != JsonValueKind.Object)
                {
                    throw new JsonException("The arguments are no JSON object.");
                }
            }

            return _document.RootElement;
        }
    }

    /// <summary>One argument by its name, where that can be had without parsing all of them.</summary>
    public readonly bool TryFind(ReadOnlySpan<byte> name, out CallValue value)
    {
        value = CallValue.Missing;
        return _document is null && !request.Arguments.IsEmpty && FlatArguments.TryFind(request.Arguments.Span, name, out value);
    }

    public readonly void Dispose() => _document?.Dispose();
}
