using System.Text.Json;
using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>Compiles the text of a policy.</summary>
internal static class PolicyLoader
{
    /// <summary>Parses, validates and compiles a policy.</summary>
    /// <param name="file">The file's name, for errors.</param>
    /// <param name="utf8">The file's bytes.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="PolicyLoadException">The file has errors; the exception lists all of them.</exception>
    public static CompiledPolicy Load(string file, byte[] utf8)
    {
        if (utf8.Length > PolicyText.MaxBytes)
        {
            throw PolicyLoadException.Of(file, PolicyText.TooLarge);
        }

        var text = new PolicyText(file, utf8);
        var root = PolicyParser.Parse(text);
        var reader = new NodeReader(text);
        var members = reader.Members(root, PolicyKeys.Policy);
        var id = ReadText(reader, members, "id", "payments");
        var version = ReadText(reader, members, "version", "1.0.0");
        ReadText(reader, members, "description", "The purpose of this policy");
        ReadText(reader, members, "$schema", "./thoth.policy.schema.json");
        var knownTools = members.TryGetValue("tools_known", out var tools) ? new KnownToolsReader(reader).Read(tools) : [];
        var rules = new List<PolicyRule>();
        if (members.TryGetValue("rules", out var list))
        {
            rules.AddRange(ReadRules(reader, list, new RuleReader(reader, id, version)));
        }
        else if (root.Kind == JsonValueKind.Object && !SpellingSuggestion.IsMisspelt(root, "rules", PolicyKeys.Policy))
        {
            text.Report(root, "The policy has no 'rules'. Add it: \"rules\": [ ... ].");
        }

        return text.HasErrors ? throw text.ToException() : new(id, version, rules, knownTools);
    }

    private static string? ReadText(NodeReader reader, Dictionary<string, PolicyNode> members, string name, string example) =>
        members.TryGetValue(name, out var node) ? reader.String(node, example) : null;

    private static IEnumerable<PolicyRule> ReadRules(NodeReader reader, PolicyNode list, RuleReader rules)
    {
        if (!reader.Expect(list, JsonValueKind.Array, "an array of rules"))
        {
            yield break;
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in list.Items)
        {
            var rule = rules.Read(node);
            var id = node.Members.Find(static member => member.Name == "id");
            if (id is not null && !ids.Add(rule.Id))
            {
                reader.Text.Report(id.Value, $"Another rule already has the id '{rule.Id}'. Use a different id for each rule.");
            }

            yield return rule;
        }
    }
}
