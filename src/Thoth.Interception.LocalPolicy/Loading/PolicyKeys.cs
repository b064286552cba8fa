using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>All keys of the policy format. The JSON schema of the package lists the same keys.</summary>
internal static class PolicyKeys
{
    public static readonly string[] Policy = ["$schema", "id", "version", "description", "tools_known", "rules"];

    public static readonly string[] Rule =
    [
        "id", "description", "tools", "actions", "when", "decision", "reason", "code", "risk_score", "timeout_seconds",
        "retry_seconds", "modify",
    ];

    public static readonly string[] Actions = ["read", "write", "delete", "execute", "unspecified"];

    public static readonly string[] Decisions = ["allow", "block", "step_up", "modify", "defer"];

    /// <summary>The keys of <c>when</c> other than argument paths: those of <see cref="ContextAttribute"/> in its order, then history.</summary>
    public static readonly string[] Conditions =
        ["user", "agent", "tenant", "environment", "session_intent", "purpose", "data_classification", "history"];

    public static readonly string[] TextOperators = ["equals", "in", "like", "matches", "contains", "exists", "not"];

    public static readonly string[] ArgumentOperators =
    [
        "equals", "in", "like", "matches", "contains", "greater", "at_least", "less", "at_most", "exists", "not",
        "any", "all",
    ];

    public static readonly string[] HistoryOperators = ["contains", "follows", "count", "not"];

    public static readonly string[] Count = ["tools", "at_least", "at_most"];

    public static readonly string[] Modify = ["remove", "remove_values", "keep_values", "replace", "set"];
}
