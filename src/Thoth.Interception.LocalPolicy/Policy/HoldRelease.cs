namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>Checks the counts of a policy again when a held call is released: other calls may have run while it was held.</summary>
internal static class HoldRelease
{
    /// <param name="permittedCalls">Gets the calls that are permitted by now; <see langword="null"/> if the enforcer does not count.</param>
    /// <param name="decide">Evaluates the policy in force with these calls.</param>
    /// <returns>The refusal, or <see langword="null"/> if the approval stands.</returns>
    public static EnforcementDecision? Refusal(
        Func<IReadOnlyDictionary<string, long>>? permittedCalls, Func<Func<IReadOnlyDictionary<string, long>>?, PolicyVerdict> decide)
    {
        if (permittedCalls is null || Blocks(decide(null)))
        {
            // A held call keeps its decision: a rule that blocks it without any count was added while it was held.
            return null;
        }

        var verdict = decide(permittedCalls);
        return Blocks(verdict) ? verdict.Decision : null;
    }

    private static bool Blocks(in PolicyVerdict verdict) => verdict.Decision.Type is DecisionType.Block or DecisionType.Defer;
}
