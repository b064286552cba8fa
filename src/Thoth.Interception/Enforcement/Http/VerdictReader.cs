namespace Thoth.Interception.Enforcement.Http;

/// <summary>The verdict in an answer's two fields for it (contract §1.2.4).</summary>
internal readonly record struct VerdictReader(DecisionType Type, string? SdkReasonCode, string? Word)
{
    /// <summary>The stricter of two that differ; BLOCK for what is no verdict. <see langword="null"/> where neither field says anything.</summary>
    public static VerdictReader? In(ResponseReader answer)
    {
        var decision = In(answer, ResponseProperty.Decision);
        var authorization = In(answer, ResponseProperty.AuthorizationDecision);
        var word = authorization?.Word;
        if (decision is null && authorization is null)
        {
            return null;
        }

        if (decision is { Type: null } || authorization is { Type: null })
        {
            return new(DecisionType.Block, SdkReasonCodes.UnsupportedDecision, word);
        }

        var first = (decision ?? authorization)!.Value.Type!.Value;
        var second = (authorization ?? decision)!.Value.Type!.Value;
        return first == second
            ? new(first, null, word)
            : new(Strictness(first) > Strictness(second) ? first : second, SdkReasonCodes.ConflictingDecisions, word);
    }

    /// <returns>What the word means, or <see langword="null"/> where it is unknown.</returns>
    public static DecisionType? OfWord(string? word) => word?.Trim().ToUpperInvariant() switch
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

    /// <returns><see langword="null"/> where the field says nothing; a field without a type where it says something unknown.</returns>
    private static (DecisionType? Type, string? Word)? In(ResponseReader answer, ResponseProperty field) =>
        In(answer, field, camel: false) ?? In(answer, field, camel: true);

    private static (DecisionType? Type, string? Word)? In(ResponseReader answer, ResponseProperty field, bool camel)
    {
        if (!answer.TryGet(field, camel, out var value) || value.IsNull)
        {
            return null;
        }

        // The word of nearly every answer needs no text of its own.
        var word = value.Json.SequenceEqual("\"ALLOW\""u8) ? "ALLOW" : value.Text();
        return word is not null && string.IsNullOrWhiteSpace(word) ? null : (OfWord(word), word);
    }
}
