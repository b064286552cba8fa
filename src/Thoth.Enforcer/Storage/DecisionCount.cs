namespace Thoth.Enforcer.Storage;

/// <summary>How often a decision was taken in one span of time.</summary>
/// <param name="From">The span's beginning.</param>
/// <param name="Decision">ALLOW, BLOCK, STEP_UP, MODIFY or DEFER.</param>
/// <param name="Count">How often.</param>
internal readonly record struct DecisionCount(DateTimeOffset From, string Decision, long Count);
