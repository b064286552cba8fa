using System.Text.Json;

namespace Thoth.Conformance.Servers;

/// <summary>The decisions that responses name (contract §1.2.4).</summary>
internal static class Verdicts
{
    private static readonly Dictionary<string, string> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ALLOW"] = "ALLOW",
        ["BLOCK"] = "BLOCK",
        ["DENY"] = "BLOCK",
        ["STEP_UP"] = "STEP_UP",
        ["CHALLENGE"] = "STEP_UP",
        ["ESCALATE"] = "STEP_UP",
        ["REVIEW"] = "STEP_UP",
        ["MODIFY"] = "MODIFY",
        ["MODIFIED"] = "MODIFY",
        ["TRANSFORM"] = "MODIFY",
        ["DEFER"] = "DEFER",
        ["DEFERRED"] = "DEFER",
        ["HOLD"] = "DEFER",
    };

    /// <summary>The decision that every SDK reads, or why they do not read the same one.</summary>
    /// <returns>The decision, or <see langword="null"/> with the problem; both are <see langword="null"/> without a verdict field.</returns>
    public static (string? Verdict, string? Problem) Read(JsonElement body)
    {
        string? verdict = null;
        foreach (var field in (string[])["decision", "authorization_decision"])
        {
            var value = JsonMatch.Member(body, field);
            if (value is null or { ValueKind: JsonValueKind.Null } || (value is { ValueKind: JsonValueKind.String } text && string.IsNullOrWhiteSpace(text.GetString())))
            {
                continue;
            }

            if (Of(value) is not { } read)
            {
                return (null, $"{field}: expected a decision, was {value.Value.GetRawText()}");
            }

            if (verdict is not null && verdict != read)
            {
                return (null, $"decision and authorization_decision: expected the same decision, were {verdict} and {read}");
            }

            verdict = read;
        }

        return (verdict, null);
    }

    /// <returns><see langword="null"/> for anything that does not name a decision.</returns>
    public static string? Of(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.String } text && s_names.TryGetValue(text.GetString()!.Trim(), out var verdict) ? verdict : null;
}
