using System.Text.Json;
using System.Text.Json.Nodes;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Modify;

/// <summary>Applies <c>keep_values</c> and <c>remove_values</c>: filters the elements of an array.</summary>
internal sealed class FilterEdit(ArgumentPath path, Scalar[] values, bool keep) : ArgumentEdit(path)
{
    protected override bool EditMember(JsonObject parent, string name) => Filter(parent[name]);

    protected override bool EditElement(JsonArray parent, int index) => Filter(parent[index]);

    private bool Filter(JsonNode? node)
    {
        if (node is null)
        {
            return true;
        }

        if (node is not JsonArray array)
        {
            return false;
        }

        for (var i = array.Count - 1; i >= 0; i--)
        {
            var equal = array[i] is JsonValue value
                ? Scalar.IsAnyEqualTo(values, new CallValue(value.GetValue<JsonElement>()))
                : array[i] is null ? TriState.False : TriState.Unknown;
            if (keep)
            {
                // An element of another type is not one of the values to keep.
                if (equal != TriState.True)
                {
                    array.RemoveAt(i);
                }
            }
            else if (equal == TriState.Unknown)
            {
                return false;
            }
            else if (equal == TriState.True)
            {
                array.RemoveAt(i);
            }
        }

        return true;
    }
}
