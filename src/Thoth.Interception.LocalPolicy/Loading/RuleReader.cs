using System.Text.Json;
using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>Reads and compiles one rule.</summary>
internal sealed class RuleReader(NodeReader reader, string? policyId, string? policyVersion)
{
    private const int SecondsPerDay = 86_400;

    private static readonly DecisionType[] Decisions =
        [DecisionType.Allow, DecisionType.Block, DecisionType.StepUp, DecisionType.Modify, DecisionType.Defer];

    private static readonly ToolAction[] Actions =
        [ToolAction.Read, ToolAction.Write, ToolAction.Delete, ToolAction.Execute, ToolAction.Unspecified];

    private readonly ConditionReader _conditions = new(reader);
    private readonly ModifyReader _edits = new(reader);

    public PolicyRule Read(PolicyNode node)
    {
        var members = reader.Members(node, PolicyKeys.Rule);
        var id = Required(node, members, "id", "read-docs") is { } idNode ? reader.String(idNode, "read-docs") : "";
        var tools = Required(node, members, "tools", "read_*") is { } toolsNode ? reader.ToolGlobs(toolsNode) : [];
        var choice = Required(node, members, "decision", "allow") is { } decisionNode
            ? reader.Choice(decisionNode, PolicyKeys.Decisions)
            : -1;
        var decision = choice < 0 ? DecisionType.Block : Decisions[choice];
        if (members.TryGetValue("description", out var description))
        {
            reader.String(description, "The purpose of this rule");
        }

        if (choice >= 0)
        {
            ReportUnlessDecision(DecisionType.StepUp, "timeout_seconds", decision, node);
            ReportUnlessDecision(DecisionType.Defer, "retry_seconds", decision, node);
            ReportUnlessDecision(DecisionType.Modify, "modify", decision, node);
        }

        if (decision == DecisionType.Modify)
        {
            Required(node, members, "modify", null);
        }

        var permits = decision is DecisionType.Allow or DecisionType.Modify;
        return new(CreateTemplate(id, decision, members))
        {
            Id = id,
            Tools = tools,
            Actions = members.TryGetValue("actions", out var actions) ? ActionBits(actions) : -1,
            Conditions = members.TryGetValue("when", out var when) ? _conditions.Read(when, permits) : [],
            Edits = members.TryGetValue("modify", out var modify) ? _edits.Read(modify) : [],
        };
    }

    private EnforcementDecision CreateTemplate(string id, DecisionType decision, Dictionary<string, PolicyNode> members)
    {
        var reason = members.TryGetValue("reason", out var reasonNode)
            ? reader.String(reasonNode, "Refunds above 100 need an approval.")
            : DefaultReason(id, decision);
        return new()
        {
            Type = decision,
            DecisionReasonCode = members.TryGetValue("code", out var code) ? reader.String(code, "refund_limit") : id,
            Reason = reason,
            ModificationReason = decision == DecisionType.Modify ? reason : null,
            DeferReason = decision == DecisionType.Defer ? reason : null,
            DeferTimeout = Duration(members, "retry_seconds"),
            StepUpTimeout = Duration(members, "timeout_seconds"),
            MatchedRuleIds = [id],
            Evidence = new()
            {
                RiskScore = members.TryGetValue("risk_score", out var risk) ? reader.Number(risk) : null,
                PackId = policyId,
                PackVersion = policyVersion,
            },
        };
    }

    private static string DefaultReason(string id, DecisionType decision) => decision switch
    {
        DecisionType.Allow => $"Policy rule '{id}' allows this call.",
        DecisionType.Modify => $"Policy rule '{id}' changes the arguments of this call.",
        DecisionType.StepUp => $"Policy rule '{id}' requires an approval of this call.",
        DecisionType.Defer => $"Policy rule '{id}' defers this call.",
        _ => $"Policy rule '{id}' blocks this call.",
    };

    private TimeSpan? Duration(Dictionary<string, PolicyNode> members, string name) =>
        members.TryGetValue(name, out var node) ? TimeSpan.FromSeconds(reader.Integer(node, 1, SecondsPerDay)) : null;

    private int ActionBits(PolicyNode node)
    {
        var bits = 0;
        foreach (var item in reader.OneOrMoreDistinct(node))
        {
            var choice = reader.Choice(item, PolicyKeys.Actions);
            bits |= choice < 0 ? 0 : 1 << (int)Actions[choice];
        }

        return bits;
    }

    private PolicyNode? Required(PolicyNode node, Dictionary<string, PolicyNode> members, string name, string? example)
    {
        if (members.TryGetValue(name, out var member))
        {
            return member;
        }

        if (node.Kind == JsonValueKind.Object && !SpellingSuggestion.IsMisspelt(node, name, PolicyKeys.Rule))
        {
            reader.Text.Report(node, example is null
                ? $"The rule has no '{name}'. Add it or choose another decision."
                : $"The rule has no '{name}'. Add it, such as \"{name}\": \"{example}\".");
        }

        return null;
    }

    private void ReportUnlessDecision(DecisionType required, string name, DecisionType decision, PolicyNode rule)
    {
        if (decision != required && rule.Members.Find(member => member.Name == name) is { } member)
        {
            var requiredName = PolicyKeys.Decisions[Array.IndexOf(Decisions, required)];
            reader.Text.Report(
                member,
                $"'{name}' is valid only with \"decision\": \"{requiredName}\". Remove it or change the decision.");
        }
    }
}
