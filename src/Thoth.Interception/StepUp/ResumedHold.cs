namespace Thoth.Interception.StepUp;

/// <summary>Says what became of a held call that is made again.</summary>
/// <param name="Decision">The STEP_UP decision.</param>
/// <param name="Resolution">The final decision; <see langword="null"/> while the call is still held.</param>
/// <param name="EndsCall">Whether this attempt ends the held call. Otherwise its end is, or will be, recorded elsewhere.</param>
internal readonly record struct ResumedHold(EnforcementDecision Decision, EnforcementDecision? Resolution, bool EndsCall);
