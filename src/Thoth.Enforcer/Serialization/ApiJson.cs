using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thoth.Enforcer.Serialization;

/// <summary>
/// The contract's JSON: snake_case, and null properties are left out. Reading is strict: if two readers chose different values of a
/// duplicate name, the server could evaluate one value and the tool run with the other.
/// </summary>
internal static class ApiJson
{
    /// <summary>Arguments may be 64 levels deep, and are one level below the root.</summary>
    public const int MaxDepth = MaxArgumentsDepth + 1;

    public const int MaxArgumentsDepth = 64;

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
