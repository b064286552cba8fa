using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thoth.Enforcer.Serialization;

/// <summary>
/// JSON as the contract has it: snake_case, nothing that is absent. Reading is strict: two readers that disagree about a
/// duplicate name would let one value be judged and another run.
/// </summary>
internal static class ApiJson
{
    /// <summary>Arguments may be 64 levels deep, and stand one level below the root.</summary>
    public const int MaxDepth = 65;

    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions());

    public static JsonDocumentOptions DocumentOptions { get; } = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.PropertyNameCaseInsensitive = false;
        options.AllowDuplicateProperties = false;
        options.MaxDepth = MaxDepth;
        return options;
    }
}
