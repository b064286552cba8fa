using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Represents the call under evaluation. Its arguments are parsed once, when a condition first reads them.</summary>
internal struct EvaluatedCall(EnforcementRequest request, EvaluationFacts facts = default) : IDisposable
{
    private JsonDocument? _document;
    private bool _isUnicode;

    /// <summary>
    /// Gets the strict options for arguments. Duplicate names are refused: the policy could evaluate one value and the tool run
    /// with the other.
    /// </summary>
    public static JsonDocumentOptions ParseOptions { get; } = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    public readonly EnforcementRequest Request => request;

    public readonly EarlierCalls EarlierCalls => new(request.SessionToolCalls, facts.PermittedCalls);

    /// <summary>Gets whether the names of the arguments are unknown, because the call was made by position.</summary>
    public readonly bool HasUnnamedArguments => facts.ArgumentsAreUnnamed;

    /// <summary>Gets the arguments; an undefined element if the tool takes none.</summary>
    /// <exception cref="JsonException">The arguments are not a JSON object, or not Unicode.</exception>
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

                RequireUnicode();
                _document = JsonDocument.Parse(request.Arguments, ParseOptions);
                if (_document.RootElement.ValueKind != JsonValueKind.Object)
                {
                    throw new JsonException("The arguments are not a JSON object.");
                }
            }

            return _document.RootElement;
        }
    }

    /// <summary>Finds one argument by its name, if that is possible without parsing a whole document.</summary>
    /// <exception cref="JsonException">The arguments are not JSON, or not Unicode.</exception>
    public bool TryFind(ReadOnlySpan<byte> name, out CallValue value)
    {
        value = CallValue.Missing;
        if (_document is not null || request.Arguments.IsEmpty)
        {
            return false;
        }

        RequireUnicode();
        return FlatArguments.TryFind(request.Arguments.Span, name, out value);
    }

    public readonly void Dispose() => _document?.Dispose();

    private void RequireUnicode()
    {
        if (!_isUnicode)
        {
            UnicodeCheck.Require(request.Arguments.Span);
            _isUnicode = true;
        }
    }
}
