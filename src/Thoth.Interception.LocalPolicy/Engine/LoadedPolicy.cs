using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.LocalPolicy;

/// <summary>Represents one version of a policy as a <see cref="PolicyEngine"/> has loaded it.</summary>
public sealed class LoadedPolicy
{
    internal LoadedPolicy(CompiledPolicy policy) =>
        (Id, Version, Rules) = (policy.Id, policy.Version, [.. policy.Rules.Select(static rule => new LoadedRule(rule))]);

    /// <summary>Gets the policy's <c>id</c>; <see langword="null"/> if it has none.</summary>
    public string? Id { get; }

    /// <summary>Gets the policy's <c>version</c>; <see langword="null"/> if it has none.</summary>
    public string? Version { get; }

    /// <summary>Gets the rules in the order of the file.</summary>
    public IReadOnlyList<LoadedRule> Rules { get; }
}
