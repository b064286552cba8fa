namespace Thoth.Interception.Tests.Stress;

/// <summary>A generic tool's argument that can be changed, so that it is compared with what was approved.</summary>
public sealed class TokenRecord
{
    public string? Text { get; set; }
}
