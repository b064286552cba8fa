using System.Text.Json.Nodes;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>The keys of a rule, as they stand in the policy.</summary>
internal sealed class ReferenceRule(JsonObject json)
{
    public string Id => (string)json["id"]!;

    public string Decision => (string)json["decision"]!;

    public string Code => (string?)json["code"] ?? Id;

    public string? Reason => (string?)json["reason"];

    public ReferenceDetails Details =>
        new(Reason, (double?)json["risk_score"], (double?)json["timeout_seconds"], (double?)json["retry_seconds"]);

    public JsonObject? When => json["when"] as JsonObject;

    public JsonObject Modify => json["modify"]!.AsObject();

    public bool Restricts => Decision is "block" or "defer" or "step_up";

    public bool IsFor(string tool, ToolAction action) =>
        ReferencePattern.IsMatchOfOne(json["tools"]!, tool)
        && (json["actions"] is not { } actions || ReferenceJson.OneOrMore(actions).Any(name => (string)name! == action.ToString().ToLowerInvariant()));
}
