using System.Text.Json;

namespace Thoth.Conformance.Clients;

/// <summary>
/// The file of cases: the one that the environment variable <c>THOTH_VECTORS</c> names, else the contract's own.
/// </summary>
internal static class VectorFile
{
    public const string Variable = "THOTH_VECTORS";

    public static string Own { get; } = Path.Combine(AppContext.BaseDirectory, "Clients", "vectors.json");

    public static IReadOnlyList<JsonElement> Cases() =>
        Read(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : Own);

    public static IReadOnlyList<JsonElement> Read(string path)
    {
        var options = new JsonDocumentOptions { AllowDuplicateProperties = false };
        using var document = JsonDocument.Parse(File.ReadAllBytes(path), options);
        var root = document.RootElement;
        return root.GetProperty("schema_version").GetInt32() == 1
            ? [.. root.GetProperty("cases").Clone().EnumerateArray()]
            : throw new ConformanceException($"The schema of '{path}' is not version 1.");
    }

    /// <summary>The id that the case says, or one that says which case has none.</summary>
    public static string IdOf(JsonElement vector, int index) =>
        JsonMatch.Member(vector, "id") is { ValueKind: JsonValueKind.String } id && id.GetString() is { Length: > 0 } text ? text : $"case-{index}-without-id";
}
