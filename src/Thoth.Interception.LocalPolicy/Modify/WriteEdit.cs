using System.Text.Json;
using System.Text.Json.Nodes;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Modify;

/// <summary><c>set</c> writes a value whatever was there; <c>replace</c> only where there is a value other than null.</summary>
internal sealed class WriteEdit(ArgumentPath path, JsonElement value, bool onlyExisting) : ArgumentEdit(path)
{
    protected override bool CreatesParents => !onlyExisting;

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

    /// <summary>A node has one parent, so each place gets its own.</summary>
    private JsonNode? CreateNode() => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        _ => JsonValue.Create(value),
    };
}
