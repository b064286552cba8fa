using System.Text.Json.Nodes;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Modify;

/// <summary>
/// One change of a MODIFY rule. It goes down its path and acts on each slot that it reaches. Where the arguments have
/// another shape than the path expects, the change cannot be made and the call must not run without it.
/// </summary>
internal abstract class ArgumentEdit(ArgumentPath path)
{
    /// <summary>Whether objects that are missing on the way are made.</summary>
    protected virtual bool CreatesParents => false;

    /// <summary>Changes the arguments.</summary>
    /// <param name="arguments">The arguments' root.</param>
    /// <returns><see langword="false"/> where the change does not fit the arguments.</returns>
    public bool Apply(JsonObject arguments) => Walk(arguments, 0);

    /// <summary>Changes the member of an object.</summary>
    /// <returns><see langword="false"/> where the change does not fit.</returns>
    protected abstract bool EditMember(JsonObject parent, string name);

    /// <summary>Changes one element of a list. Called from the last element to the first.</summary>
    /// <returns><see langword="false"/> where the change does not fit.</returns>
    protected abstract bool EditElement(JsonArray parent, int index);

    private bool Walk(JsonNode? current, int depth)
    {
        if (current is null)
        {
            return true;
        }

        var step = path.Steps[depth];
        var isLast = depth == path.Steps.Length - 1;
        return (step.Kind, current) switch
        {
            (PathStepKind.Property, JsonObject parent) => isLast
                ? EditMember(parent, step.Name)
                : Walk(Member(parent, step.Name, path.Steps[depth + 1].Kind), depth + 1),
            (PathStepKind.Index, JsonArray parent) => step.Index < parent.Count
                ? isLast ? EditElement(parent, step.Index) : Walk(parent[step.Index], depth + 1)
                : !CreatesParents,
            (PathStepKind.Wildcard, JsonArray parent) => WalkElements(parent, depth, isLast),
            (PathStepKind.Wildcard, JsonObject parent) => WalkMembers(parent, depth, isLast),
            _ => false,
        };
    }

    private JsonNode? Member(JsonObject parent, string name, PathStepKind next)
    {
        var member = parent[name];
        if (member is null && CreatesParents && next == PathStepKind.Property)
        {
            parent[name] = member = new JsonObject();
        }

        return member;
    }

    private bool WalkElements(JsonArray parent, int depth, bool isLast)
    {
        // Backwards, so that removing one leaves the indexes of those still to come.
        for (var i = parent.Count - 1; i >= 0; i--)
        {
            if (!(isLast ? EditElement(parent, i) : Walk(parent[i], depth + 1)))
            {
                return false;
            }
        }

        return true;
    }

    private bool WalkMembers(JsonObject parent, int depth, bool isLast)
    {
        string[] names = [.. parent.Select(static member => member.Key)];
        foreach (var name in names)
        {
            if (!(isLast ? EditMember(parent, name) : Walk(parent[name], depth + 1)))
            {
                return false;
            }
        }

        return true;
    }
}
