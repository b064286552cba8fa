using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>Reads <c>tools_known</c>: the parameters of tools in their order, so that a call by position can be evaluated by name.</summary>
internal sealed class KnownToolsReader(NodeReader reader)
{
    private const string Example = "[[\"to\", \"subject\"]]";

    /// <summary>Reads the tools.</summary>
    /// <returns>The signatures by the tool's name.</returns>
    public Dictionary<string, string[][]> Read(PolicyNode node)
    {
        var tools = new Dictionary<string, string[][]>(StringComparer.Ordinal);
        foreach (var member in reader.ObjectMembers(node))
        {
            if (string.IsNullOrWhiteSpace(member.Name) || member.Name.AsSpan().IndexOfAny('*', '?') >= 0)
            {
                reader.Text.Report(
                    member.Offset, member.Value.Place, "Each key of 'tools_known' is the exact name of one tool. Write a name without wildcards.");
            }

            tools[member.Name] = Signatures(member.Value);
        }

        return tools;
    }

    private string[][] Signatures(PolicyNode node)
    {
        if (!reader.Expect(node, JsonValueKind.Array, $"an array of signatures, such as {Example}"))
        {
            return [];
        }

        if (node.Items.Count == 0)
        {
            reader.Text.Report(node, $"The array has no signature. Write one, such as {Example}; a tool without parameters is [[]].");
        }

        var signatures = new List<string[]>(node.Items.Count);
        foreach (var item in node.Items)
        {
            var signature = Signature(item);
            if (signatures.Exists(other => other.SequenceEqual(signature, StringComparer.Ordinal)))
            {
                reader.Text.Report(item, "The signature is in the list already. Remove one.");
            }

            signatures.Add(signature);
        }

        return [.. signatures];
    }

    private string[] Signature(PolicyNode node)
    {
        if (!reader.Expect(node, JsonValueKind.Array, $"an array of the tool's parameter names, as in {Example}"))
        {
            return [];
        }

        var names = new List<string>(node.Items.Count);
        foreach (var item in node.Items)
        {
            var name = reader.String(item, "to");
            if (name.Length > 0 && names.Contains(name, StringComparer.Ordinal))
            {
                reader.Text.Report(item, $"The parameter '{name}' appears twice. Write each parameter once.");
            }

            names.Add(name);
        }

        return [.. names];
    }
}
