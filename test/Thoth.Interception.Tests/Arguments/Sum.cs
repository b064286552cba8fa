using System.Text.Json.Serialization;

namespace System.ThothTests;

/// <summary>Stands for a type of the framework, or of a package in its namespaces, that has a JSON name of its own for a member.</summary>
internal sealed class Sum(int total)
{
    private readonly int _total = total;

    [JsonPropertyName("sum")]
    public int Total => _total;
}
