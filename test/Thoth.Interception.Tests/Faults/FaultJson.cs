using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Thoth.Interception.Tests.Faults;

/// <summary>Any JSON document, rich in the members of an enforcer's response.</summary>
internal static class FaultJson
{
    /// <summary>Arguments that fit the tool.</summary>
    public const string Usable = """{"payload":{"Text":"safe","Extra":null}}""";

    private static readonly Gen<string> s_word = Gen.Elements(
        "ALLOW", "allow", " Allow ", "BLOCK", "DENY", "STEP_UP", "CHALLENGE", "escalate", "REVIEW", "MODIFY", "TRANSFORM", "Modified", "DEFER", "HOLD", "PERMIT",
        "", " ").Select(word => JsonSerializer.Serialize(word));

    private static readonly Gen<string> s_leaf = Gen.OneOf(
        s_word, Gen.Elements("null", "true", "false", "0", "-1", "1.5", "1e400", "9223372036854775808", "\"\\ud800\"", "\"true\"", "[]", "{}"),
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => JsonSerializer.Serialize(text.Get)));

    private static readonly Gen<string> s_any = Any(3);

    /// <summary>Responses to the enforce request.</summary>
    public static Gen<string> Response { get; } = Documents(
        (5, Member("decision", Mostly(s_word))), (3, Member("authorization_decision", Mostly(s_word))), (1, Member("authorizationDecision", Mostly(s_word))),
        (1, Member("hold_token", Gen.Elements("null", "\"\"", "\"..\"", "7"))));

    /// <summary>Responses to a poll.</summary>
    public static Gen<string> Hold { get; } = Documents(
        (5, Member("resolved", Mostly(Gen.Elements("true", "true", "true", "false")))), (5, Member("resolution", Mostly(s_word))),
        (2, Member("decision", Mostly(s_word))), (1, Member("authorization_decision", Mostly(s_word))));

    public static bool HasDuplicates(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().GroupBy(member => member.Name).Any(group => group.Count() > 1)
            || element.EnumerateObject().Any(member => HasDuplicates(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(HasDuplicates),
        _ => false,
    };

    private static Gen<string> Documents(params (int Weight, Gen<string> Member)[] members) => Gen.Frequency(
        (1, s_any),
        (9, ObjectOf(Gen.Frequency(
        [
            .. members,
            (2, Member("modified_tool_args", Gen.Frequency((3, Gen.Constant(Usable)), (1, s_leaf), (1, Gen.Elements("{\"other\":1}", "{\"payload\":1}"))))),
            (1, Gen.Elements("action_attestation_id", "actionAttestationId", "enforcement_trace_id", "enforcementTraceId")
                .SelectMany(name => Member(name, Gen.Elements("\"\"", "null", "1", "\"another\"")))),
            (2, Gen.Elements(
                "reason", "rule_version", "risk_score", "receipt", "matched_rule_ids", "fastml_features", "top_contributors", "metadata", "decision_evidence",
                "defer_timeout_seconds", "violation_id", "Decision", "x").SelectMany(name => Member(name, s_any))),
        ]))));

    private static Gen<string> Mostly(Gen<string> usual) => Gen.Frequency((6, usual), (1, s_any));

    private static Gen<string> Member(string name, Gen<string> value) => value.Select(json => $"\"{name}\":{json}");

    private static Gen<string> ObjectOf(Gen<string> member) => Few(member).Select(members => "{" + string.Join(",", members) + "}");

    private static Gen<string> Any(int depth) => depth == 0 ? s_leaf : Gen.OneOf(
        s_leaf,
        Few(Any(depth - 1)).Select(items => "[" + string.Join(",", items) + "]"),
        ObjectOf(Gen.Elements("decision", "a", "b", "decision_envelope_version").SelectMany(name => Member(name, Any(depth - 1)))));

    private static Gen<List<T>> Few<T>(Gen<T> items) => Gen.Choose(0, 4).SelectMany(count => items.ListOf(count)).Select(list => list.ToList());
}
