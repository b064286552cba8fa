using System.Text.Json;
using Thoth.Interception.LocalPolicy.Matching;
using Thoth.Interception.LocalPolicy.Modify;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>
/// Reads the edits of a rule: its <c>modify</c>. They have a fixed order, not that of the keys, so that sorting the keys of
/// a file does not change its meaning. <c>set</c> is last and overrides the others.
/// </summary>
internal sealed class ModifyReader(NodeReader reader)
{
    public ArgumentEdit[] Read(PolicyNode node)
    {
        var members = reader.Members(node, PolicyKeys.Modify);
        if (node is { Kind: JsonValueKind.Object, Members.Count: 0 })
        {
            reader.Text.Report(node, "'modify' has no edit. Write one, such as \"remove\": [\"args.ssn\"].");
        }

        var edits = new List<ArgumentEdit?>();
        foreach (var name in PolicyKeys.Modify)
        {
            if (members.TryGetValue(name, out var change))
            {
                edits.AddRange(name == "remove" ? ReadRemovals(change) : ReadEdits(name, change));
            }
        }

        return [.. edits.OfType<ArgumentEdit>()];
    }

    private IEnumerable<ArgumentEdit?> ReadRemovals(PolicyNode node)
    {
        var paths = new DistinctPaths(reader.Text, "edit");
        return reader.OneOrMore(node).Select(item =>
            ReadPath(reader.String(item, "args.ssn"), item.Offset, item.Place, paths, inList: true) is { } path ? new RemoveEdit(path) : null);
    }

    private IEnumerable<ArgumentEdit?> ReadEdits(string name, PolicyNode node)
    {
        var members = reader.ObjectMembers(node);
        if (node.Kind == JsonValueKind.Object && members.Count == 0)
        {
            reader.Text.Report(node, "A path is missing. Write one, such as \"args.columns\", or remove the key.");
        }

        var paths = new DistinctPaths(reader.Text, "edit");
        return members.Select(member =>
            ReadPath(member.Name, member.Offset, member.Value.Place, paths) is { } path ? ReadEdit(name, path, member.Value) : null);
    }

    private ArgumentEdit ReadEdit(string name, ArgumentPath path, PolicyNode value) => name switch
    {
        "set" => new WriteEdit(path, reader.Json(value), onlyExisting: false),
        "replace" => new WriteEdit(path, reader.Json(value), onlyExisting: true),
        _ => new FilterEdit(path, [.. reader.OneOrMoreDistinct(value).Select(reader.Scalar)], keep: name == "keep_values"),
    };

    private ArgumentPath? ReadPath(string text, int offset, PolicyPlace place, DistinctPaths paths, bool inList = false)
    {
        var path = PathParser.TryParse(text, out var error);
        if (path is null)
        {
            reader.Text.Report(offset, place, error);
        }
        else if (!inList || path.Steps.All(static step => step.Kind != PathStepKind.Index))
        {
            // Removing an element twice removes the next one too; removing anything else twice has no effect.
            paths.Add(path, text, offset, place, inList);
        }

        return path;
    }
}
