namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>The rules for one tool.</summary>
/// <param name="Rules">The rules whose tool patterns match, strictest first.</param>
/// <param name="DependOnCounts">Whether one of them counts earlier calls, or a rule of any tool counts the calls of this one.</param>
internal sealed record ToolRules(PolicyRule[] Rules, bool DependOnCounts);
