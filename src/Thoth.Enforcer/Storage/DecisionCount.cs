namespace Thoth.Enforcer.Storage;

/// <summary>The number of decisions of one type in a span of time.</summary>
/// <param name="From">The span's beginning.</param>
/// <param name="Decision">ALLOW, BLOCK, STEP_UP, MODIFY or DEFER.</param>
/// <param name="Count">The number.</param>
internal readonly record struct DecisionCount(DateTimeOffset From, string Decision, long Count);
