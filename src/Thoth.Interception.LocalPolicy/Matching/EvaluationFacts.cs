namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Describes what an enforcer knows about a call beyond its request. The default value is a call with named arguments.</summary>
/// <param name="PermittedCalls">Gets how often each tool of the session was permitted; <see langword="null"/> if the enforcer does not count.</param>
/// <param name="ArgumentsAreUnnamed">Whether the names of the arguments are unknown. Conditions and edits on them cannot be evaluated.</param>
internal readonly record struct EvaluationFacts(
    Func<IReadOnlyDictionary<string, long>>? PermittedCalls = null, bool ArgumentsAreUnnamed = false);
