namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>What a session's approved scope says about a call (contract §2.1).</summary>
internal static class ApprovedScope
{
    /// <summary>In <see cref="EnforcementMode.Progressive"/>: this many earlier calls outside the scope turn a hold into a block.</summary>
    public const int ProgressiveLimit = 3;

    /// <summary>The name under which decisions report the scope among their matched controls.</summary>
    private static readonly string[] s_control = ["approved_scope"];

    /// <summary>The decision with the scope among its matched controls.</summary>
    public static EnforcementDecision Matched(EnforcementDecision decision) =>
        decision with { Evidence = decision.Evidence with { MatchedControlIds = s_control } };

    public static ScopeVerdict Judge(EnforcementRequest request)
    {
        var scope = request.Context.ApprovedScope;
        if (scope.Count == 0 || Holds(scope, request.ToolName))
        {
            return ScopeVerdict.Inside;
        }

        return request.Context.Mode switch
        {
            EnforcementMode.Observe => ScopeVerdict.Recorded,
            EnforcementMode.StepUp => ScopeVerdict.StepUp,
            EnforcementMode.Progressive => EarlierOutside(scope, request.SessionToolCalls) < ProgressiveLimit
                ? ScopeVerdict.StepUp
                : ScopeVerdict.Block,
            _ => ScopeVerdict.Block,
        };
    }

    private static int EarlierOutside(IReadOnlyList<string> scope, IReadOnlyList<string> calls)
    {
        var outside = 0;
        for (var i = 0; i < calls.Count - 1; i++)
        {
            if (!Holds(scope, calls[i]))
            {
                outside++;
            }
        }

        return outside;
    }

    private static bool Holds(IReadOnlyList<string> scope, string toolName)
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
