namespace Thoth.Interception.StepUp;

/// <summary>Represents a call that is held now, while its caller goes on.</summary>
/// <param name="Request">The call.</param>
/// <param name="Decision">The STEP_UP decision.</param>
/// <param name="Reason">Why a person must approve it.</param>
/// <param name="IdempotencyKey">The call's idempotency key, which it keeps when it is resumed.</param>
/// <param name="SeriesId">The id of the series of calls that the call is one of, if any.</param>
internal sealed record CallToHold(EnforcementRequest Request, EnforcementDecision Decision, string Reason, string IdempotencyKey, string? SeriesId);
