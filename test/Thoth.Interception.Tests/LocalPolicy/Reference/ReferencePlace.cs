using System.Text.Json.Nodes;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>A place for a value: a member, which a name selects, or an element, which an index or <c>[*]</c> selects.</summary>
internal sealed class ReferencePlace(JsonNode container, string? name, int index, bool isElement)
{
    public bool IsElement => isElement;

    public bool Exists => container is JsonObject item ? item.ContainsKey(name!) : index < container.AsArray().Count;

    public JsonNode? Value => container is JsonObject item ? item[name!] : container.AsArray().ElementAtOrDefault(index);

    public void Write(JsonNode? value)
    {
        if (container is JsonObject item)
        {
            item[name!] = value;
        }
        else
        {
            container.AsArray()[index] = value;
        }
    }

    public void Remove()
    {
        if (container is JsonObject item)
        {
            item.Remove(name!);
        }
        else
        {
            container.AsArray().RemoveAt(index);
        }
    }
}
