using System.Text.Json.Nodes;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Modify;

/// <summary>
/// An edit of a <c>modify</c> rule, applied to each value that its path selects. It fails if the arguments have another shape
/// than the path expects; the call must then not run.
/// </summary>
internal abstract class ArgumentEdit(ArgumentPath path)
{
    /// <summary>
    /// Gets whether the edit must take effect at each place of its path. It then creates a missing object on the way to a member,
    /// and it does not fit arguments without an element, because a value in its place could mean everything to the tool.
    /// </summary>
    protected virtual bool MustWrite => false;

    /// <summary>Applies the edit.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns><see langword="false"/> if the edit does not fit the arguments.</returns>
    public bool Apply(JsonObject arguments) => Walk(arguments, 0);

    /// <summary>Edits a member of an object.</summary>
    /// <returns><see langword="false"/> if the edit does not fit.</returns>
    protected abstract bool EditMember(JsonObject parent, string name);

    /// <summary>Edits an element of an array. It is called from the last element to the first.</summary>
    /// <returns><see langword="false"/> if the edit does not fit.</returns>
    protected abstract bool EditElement(JsonArray parent, int index);

    private bool Walk(JsonNode? current, int depth)
    {
        if (current is null)
        {
            return !MustWrite;
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
                : !MustWrite,
            (PathStepKind.Wildcard, JsonArray parent) => WalkElements(parent, depth, isLast),
            (PathStepKind.Wildcard, JsonObject parent) => WalkMembers(parent, depth, isLast),
            _ => false,
        };
    }

    private JsonNode? Member(JsonObject parent, string name, PathStepKind next)
    {
        var member = parent[name];
        if (member is null && MustWrite && next == PathStepKind.Property)
        {
            parent[name] = member = new JsonObject();
        }

        return member;
    }

    private bool WalkElements(JsonArray parent, int depth, bool isLast)
    {
        if (parent.Count == 0)
        {
            return !MustWrite;
        }

        // Backwards, because a removal changes the indexes of all later elements.
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
        if (parent.Count == 0)
        {
            return !MustWrite;
        }

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
