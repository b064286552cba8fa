using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>One value of a policy file and where it stands.</summary>
/// <param name="Kind">The value's kind.</param>
/// <param name="Offset">The value's first byte.</param>
/// <param name="Key">The path that errors name the value by.</param>
internal sealed record PolicyNode(JsonValueKind Kind, int Offset, string Key)
{
    /// <summary>The text of a string, the digits of a number.</summary>
    public string Text { get; init; } = "";

    public List<PolicyMember> Members { get; } = [];

    public List<PolicyNode> Items { get; } = [];

    /// <summary>The byte after the value.</summary>
    public int End { get; set; }

    public string KindName => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
