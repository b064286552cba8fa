using System.Text.Json;
using Thoth.Interception.LocalPolicy.Matching;
using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.LocalPolicy.Wire;

/// <summary>
/// Evaluates a policy for a call that came over HTTP. A call by position is evaluated once for each signature in the policy's
/// <c>tools_known</c> that it fits. Without one, and if the verdicts differ, the names of its arguments count as unknown.
/// </summary>
internal static class RemoteEvaluator
{
    /// <param name="policy">The policy.</param>
    /// <param name="call">The call.</param>
    /// <param name="isMalformed">Whether an argument comes by position and by name.</param>
    public static PolicyVerdict Decide(CompiledPolicy policy, RemoteCall call, out bool isMalformed)
    {
        isMalformed = false;
        try
        {
            return DecideInTheFormOf(policy, call, ref isMalformed);
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json throws it for a string that is not valid Unicode.
            return new(policy.ArgumentsUnreadable);
        }
    }

    private static PolicyVerdict DecideInTheFormOf(CompiledPolicy policy, RemoteCall call, ref bool isMalformed)
    {
        using var document = Parse(call.Request.Arguments);
        if (document is null)
        {
            return DecideNamed(policy, call);
        }

        if (PositionalArguments.TryRead(document.RootElement) is not { } positional)
        {
            return HasUnknownNames(policy, call, document.RootElement) ? DecideUnnamed(policy, call) : DecideNamed(policy, call);
        }

        var readings = Readings(policy, call, document.RootElement, positional, ref isMalformed);
        if (readings.Count > 0 && readings.TrueForAll(reading => AreEqual(reading, readings[0])))
        {
            return readings[0];
        }

        return DecideUnnamed(policy, call);
    }

    /// <summary>
    /// Whether a call by name of a declared tool has a name that is none of its parameters, such as <c>arg1</c> without <c>arg0</c>.
    /// This library sends the names of the method itself.
    /// </summary>
    private static bool HasUnknownNames(CompiledPolicy policy, RemoteCall call, JsonElement arguments) =>
        call.Sdk != CallingSdk.DotNet
        && policy.KnownTools.TryGetValue(call.Request.ToolName, out var signatures)
        && !Array.Exists(signatures, signature => arguments.EnumerateObject().All(member => signature.Contains(member.Name)));

    private static PolicyVerdict DecideUnnamed(CompiledPolicy policy, RemoteCall call) =>
        PolicyEvaluator.Decide(policy, call.Request, new EvaluationFacts(call.PermittedCalls, ArgumentsAreUnnamed: true));

    private static List<PolicyVerdict> Readings(
        CompiledPolicy policy, RemoteCall call, JsonElement arguments, PositionalArguments positional, ref bool isMalformed)
    {
        var readings = new List<PolicyVerdict>();
        if (!policy.KnownTools.TryGetValue(call.Request.ToolName, out var signatures))
        {
            return readings;
        }

        // A tool may have parameters that are named args or arg0. This library names all arguments, other SDKs may.
        if (Array.Exists(signatures, signature => arguments.EnumerateObject().All(member => signature.Contains(member.Name))))
        {
            readings.Add(DecideNamed(policy, call));
            if (call.Sdk == CallingSdk.DotNet)
            {
                return readings;
            }
        }

        var isNamedTwice = false;
        foreach (var signature in signatures)
        {
            var fit = positional.Name(signature, out var named);
            isNamedTwice |= fit == SignatureFit.NamedTwice;
            if (fit == SignatureFit.Whole)
            {
                var verdict = PolicyEvaluator.Decide(policy, WithArguments(call.Request, named), FactsOf(call));
                readings.Add(WithChanges(policy, verdict, changed =>
                    call.Sdk == CallingSdk.Python && positional.IsIndexed ? null : positional.Rewrite(changed, signature)));
            }
        }

        isMalformed = isNamedTwice && readings.Count == 0;
        return readings;
    }

    private static PolicyVerdict DecideNamed(CompiledPolicy policy, RemoteCall call) => WithChanges(
        policy,
        PolicyEvaluator.Decide(policy, call.Request, FactsOf(call)),
        changed => AppliesNamed(call.Sdk, changed) ? changed : null);

    /// <summary>
    /// Whether the SDK runs the tool with these arguments by name. Python runs the original ones, and SDKs other than this library
    /// take a list <c>args</c> for positions (contract §4).
    /// </summary>
    private static bool AppliesNamed(CallingSdk sdk, JsonElement changed) => sdk switch
    {
        CallingSdk.DotNet => true,
        CallingSdk.Python => false,
        _ => !changed.TryGetProperty("args", out var args) || args.ValueKind != JsonValueKind.Array,
    };

    /// <summary>Converts the verdict's changes to the caller's form, or blocks the call, because the SDK would run the original arguments.</summary>
    private static PolicyVerdict WithChanges(CompiledPolicy policy, in PolicyVerdict verdict, Func<JsonElement, JsonElement?> convert)
    {
        var decision = verdict.Decision;
        if ((decision.ModifiedToolArgs ?? verdict.ModifiedArguments) is not { } changed)
        {
            return verdict;
        }

        // Without any argument left, every SDK runs the original ones.
        if (changed.GetPropertyCount() == 0 || convert(changed) is not { } converted)
        {
            return new(policy.Refuse(
                LocalPolicyReasonCodes.ModifyNotApplicable,
                "The caller's SDK would ignore the policy's changes in this form of call. Call the tool by position, and declare it in 'tools_known'.",
                [.. decision.MatchedRuleIds]));
        }

        return decision.Type == DecisionType.Modify
            ? new(decision with { ModifiedToolArgs = converted })
            : new(decision, converted);
    }

    private static bool AreEqual(in PolicyVerdict left, in PolicyVerdict right) =>
        left.Decision.Type == right.Decision.Type
        && string.Equals(left.Decision.DecisionReasonCode, right.Decision.DecisionReasonCode, StringComparison.Ordinal)
        && left.Decision.MatchedRuleIds.SequenceEqual(right.Decision.MatchedRuleIds)
        && string.Equals(ChangesOf(left), ChangesOf(right), StringComparison.Ordinal);

    private static string? ChangesOf(in PolicyVerdict verdict) =>
        (verdict.Decision.ModifiedToolArgs ?? verdict.ModifiedArguments)?.GetRawText();

    private static EvaluationFacts FactsOf(RemoteCall call) => new(call.PermittedCalls);

    private static EnforcementRequest WithArguments(EnforcementRequest request, byte[] arguments) => new()
    {
        Context = request.Context,
        ToolName = request.ToolName,
        Arguments = arguments,
        Action = request.Action,
        SessionToolCalls = request.SessionToolCalls,
        OccurredAt = request.OccurredAt,
        ActionAttestationId = request.ActionAttestationId,
    };

    /// <returns><see langword="null"/> if the call has no arguments that a policy can read.</returns>
    private static JsonDocument? Parse(ReadOnlyMemory<byte> arguments)
    {
        if (arguments.IsEmpty)
        {
            return null;
        }

        try
        {
            UnicodeCheck.Require(arguments.Span);
            var document = JsonDocument.Parse(arguments, EvaluatedCall.ParseOptions);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
