using Thoth.Interception;

namespace QuickStart;

/// <summary>Represents how one call of the agent must end under thoth.policy.json.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Verdict">The decision, as in <see cref="CallRecord.Verdict"/>.</param>
/// <param name="Rule">The deciding rule.</param>
/// <param name="Phase">Whether the tool ran, failed or did not run.</param>
internal sealed record Expectation(string Tool, string Verdict, string Rule, EventPhase Phase)
{
    /// <summary>Gets one expectation for each call of <see cref="Agent"/>, in their order.</summary>
    public static IReadOnlyList<Expectation> All { get; } =
    [
        new("search_docs", "ALLOW", "read-docs", EventPhase.Post),
        new("read_doc", "ALLOW", "read-docs", EventPhase.Post),
        new("read_doc", "ALLOW", "read-docs", EventPhase.Error),
        new("save_summary", "ALLOW", "save-summaries", EventPhase.Post),
        new("export_contacts", "MODIFY", "contacts-without-ids", EventPhase.Post),
        new("send_email", "ALLOW", "mail-inside", EventPhase.Post),
        new("send_email", "BLOCK", "mail-outside", EventPhase.Block),
        new("refund", "ALLOW", "small-refunds", EventPhase.Post),
        new("refund", "STEP_UP approved", "large-refunds", EventPhase.Post),
        new("refund", "STEP_UP denied", "large-refunds", EventPhase.Block),
        new("delete_file", "BLOCK", "no-deletion", EventPhase.Block),
        new("build_report", "DEFER", "reports-later", EventPhase.Block),
    ];

    /// <summary>Lists the calls that did not end as expected.</summary>
    /// <param name="calls">The calls.</param>
    /// <param name="humanDecides">Whether a person approves held calls: then approval and denial are both expected.</param>
    public static IReadOnlyList<string> Differences(IReadOnlyList<CallRecord> calls, bool humanDecides)
    {
        var differences = new List<string>();
        for (var i = 0; i < Math.Max(All.Count, calls.Count); i++)
        {
            var expected = i < All.Count ? All[i] : null;
            var actual = i < calls.Count ? Of(calls[i]) : null;
            var asExpected = expected == actual || (humanDecides && expected is not null && actual is not null && expected.IsHeldLike(actual));
            if (!asExpected)
            {
                differences.Add($"Call {i + 1}: expected {expected?.ToString() ?? "no call"}; got {actual?.ToString() ?? "no call"}.");
            }
        }

        return differences;
    }

    public override string ToString()
    {
        var what = Phase switch { EventPhase.Post => "ran", EventPhase.Block => "did not run", _ => "ran and failed" };
        return $"{Tool}: {Verdict} by {Rule}, {what}";
    }

    private static Expectation Of(CallRecord call) => new(call.Tool, call.Verdict, call.Rule, call.End.Phase);

    /// <summary>Tells whether the call was held too, and ran only if it was approved.</summary>
    private bool IsHeldLike(Expectation actual) =>
        Verdict.StartsWith("STEP_UP", StringComparison.Ordinal)
        && actual.Verdict.StartsWith("STEP_UP", StringComparison.Ordinal)
        && (actual.Tool, actual.Phase == EventPhase.Post) == (Tool, actual.Verdict == "STEP_UP approved");
}
