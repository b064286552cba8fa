namespace Thoth.Interception.Enforcement.Http;

/// <summary>The verdict in the two fields that a response has for it (contract §1.2.4).</summary>
/// <param name="Type">What the fields mean.</param>
/// <param name="SdkReasonCode">The code of the SDK if it had to choose.</param>
/// <param name="AuthorizationDecision">The value of <c>authorization_decision</c> as it was sent.</param>
internal readonly record struct VerdictReader(DecisionType Type, string? SdkReasonCode, string? AuthorizationDecision)
{
    /// <summary>
    /// Reads the verdict: the stricter of two that differ, and BLOCK for an unknown value. <see langword="null"/> if neither field
    /// has a value.
    /// </summary>
    public static VerdictReader? In(ResponseReader response)
    {
        var decision = In(response, ResponseProperty.Decision);
        var authorization = In(response, ResponseProperty.AuthorizationDecision);
        var value = authorization?.Value;
        if (decision is null && authorization is null)
        {
            return null;
        }

        if (decision is { Type: null } || authorization is { Type: null })
        {
            return new(DecisionType.Block, SdkReasonCodes.UnsupportedDecision, value);
        }

        var first = (decision ?? authorization)!.Value.Type!.Value;
        var second = (authorization ?? decision)!.Value.Type!.Value;
        return first == second
            ? new(first, null, value)
            : new(Strictness(first) > Strictness(second) ? first : second, SdkReasonCodes.ConflictingDecisions, value);
    }

    /// <returns>The type that the value stands for, or <see langword="null"/> if it is unknown.</returns>
    public static DecisionType? TypeOf(string? value) => value?.Trim().ToUpperInvariant() switch
    {
        "ALLOW" => DecisionType.Allow,
        "BLOCK" or "DENY" => DecisionType.Block,
        "STEP_UP" or "CHALLENGE" or "ESCALATE" or "REVIEW" => DecisionType.StepUp,
        "MODIFY" or "MODIFIED" or "TRANSFORM" => DecisionType.Modify,
        "DEFER" or "DEFERRED" or "HOLD" => DecisionType.Defer,
        _ => null,
    };

    private static int Strictness(DecisionType type) => type switch
    {
        DecisionType.Allow => 0,
        DecisionType.Modify => 1,
        DecisionType.StepUp => 2,
        DecisionType.Defer => 3,
        _ => 4,
    };

    /// <returns><see langword="null"/> if the field has no value; a result without a type if the value is unknown.</returns>
    private static (DecisionType? Type, string? Value)? In(ResponseReader response, ResponseProperty property) =>
        In(response, property, camel: false) ?? In(response, property, camel: true);

    private static (DecisionType? Type, string? Value)? In(ResponseReader response, ResponseProperty property, bool camel)
    {
        if (!response.TryGet(property, camel, out var json) || json.IsNull)
        {
            return null;
        }

        // Most responses have this value, so it gets no string of its own.
        var value = json.Json.SequenceEqual("\"ALLOW\""u8) ? "ALLOW" : json.Text();
        return value is not null && string.IsNullOrWhiteSpace(value) ? null : (TypeOf(value), value);
    }
}
