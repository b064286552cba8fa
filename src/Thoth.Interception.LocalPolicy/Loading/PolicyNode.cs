using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>A value in a policy file, with its position.</summary>
/// <param name="Kind">The value's kind.</param>
/// <param name="Offset">The offset of the value's first byte.</param>
/// <param name="Place">Where the value is; its text is made only for an error.</param>
internal sealed record PolicyNode(JsonValueKind Kind, int Offset, PolicyPlace Place)
{
    /// <summary>Gets the path of the value in error messages.</summary>
    public string Key => Place.ToString();

    /// <summary>Gets the characters of a string; empty for other kinds.</summary>
    public string Text { get; init; } = "";

    public List<PolicyMember> Members { get; } = [];

    public List<PolicyNode> Items { get; } = [];

    /// <summary>Gets or sets the offset of the first byte after the value.</summary>
    public int End { get; set; }

    /// <summary>Gets the name of the kind in error messages.</summary>
    public string KindName => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
