using System.Text.Json.Nodes;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Modify;

/// <summary>Applies <c>remove</c>: removes members and elements.</summary>
internal sealed class RemoveEdit(ArgumentPath path) : ArgumentEdit(path)
{
    protected override bool EditMember(JsonObject parent, string name)
    {
        parent.Remove(name);
        return true;
    }

    protected override bool EditElement(JsonArray parent, int index)
    {
        parent.RemoveAt(index);
        return true;
    }
}
