using System.Text.Json;
using System.Text.Json.Nodes;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Modify;

/// <summary>Applies <c>set</c>, which always writes the value, and <c>replace</c>, which overwrites only values other than null.</summary>
internal sealed class WriteEdit(ArgumentPath path, JsonElement value, bool onlyExisting) : ArgumentEdit(path)
{
    protected override bool MustWrite => !onlyExisting;

    protected override bool EditMember(JsonObject parent, string name)
    {
        if (!onlyExisting || parent[name] is not null)
        {
            parent[name] = CreateNode();
        }

        return true;
    }

    protected override bool EditElement(JsonArray parent, int index)
    {
        if (!onlyExisting || parent[index] is not null)
        {
            parent[index] = CreateNode();
        }

        return true;
    }

    /// <summary>Creates a new node for each place, because a node can have only one parent.</summary>
    private JsonNode? CreateNode() => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        _ => JsonValue.Create(value),
    };
}
