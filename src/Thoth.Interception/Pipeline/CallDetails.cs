namespace Thoth.Interception.Pipeline;

/// <summary>Holds what a tool loop says about one call, beside its arguments.</summary>
/// <param name="CallId">The model's id of the call, if it gave one.</param>
/// <param name="StepUp">Whether the call waits for an approval, in place of the configured mode.</param>
/// <param name="Refusal">The refusal of a call whose arguments cannot be read, so that it has no values.</param>
internal sealed record CallDetails(string? CallId, StepUpMode StepUp, EnforcementDecision? Refusal);
