using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>Evaluates a call against its session's approved scope (contract §2.1).</summary>
internal static class ApprovedScope
{
    /// <summary>
    /// In <see cref="EnforcementMode.Progressive"/>, a call outside the scope is blocked after this many earlier ones, and held before.
    /// </summary>
    public const int ProgressiveLimit = 3;

    /// <summary>The id by which a decision's matched controls name the scope.</summary>
    private static readonly string[] s_controlIds = ["approved_scope"];

    /// <summary>Adds the scope to a decision's matched controls.</summary>
    public static EnforcementDecision Matched(EnforcementDecision decision) =>
        decision with { Evidence = decision.Evidence with { MatchedControlIds = s_controlIds } };

    public static ScopeEffect Evaluate(EnforcementRequest request, EarlierCalls earlierCalls)
    {
        var scope = request.Context.ApprovedScope;
        if (scope.Count == 0 || Contains(scope, request.ToolName))
        {
            return ScopeEffect.None;
        }

        return request.Context.Mode switch
        {
            EnforcementMode.Observe => ScopeEffect.Record,
            EnforcementMode.StepUp => ScopeEffect.StepUp,
            EnforcementMode.Progressive => CountOutside(scope, earlierCalls) < ProgressiveLimit
                ? ScopeEffect.StepUp
                : ScopeEffect.Block,
            _ => ScopeEffect.Block,
        };
    }

    /// <summary>Separate from <see cref="Evaluate"/>, so that other modes allocate no closure.</summary>
    private static long CountOutside(IReadOnlyList<string> scope, EarlierCalls earlierCalls) =>
        earlierCalls.CountOf(name => !Contains(scope, name));

    private static bool Contains(IReadOnlyList<string> scope, string toolName)
    {
        for (var i = 0; i < scope.Count; i++)
        {
            if (string.Equals(scope[i], toolName, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
