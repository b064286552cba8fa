using System.Text.Json;

namespace Thoth.Interception.LocalPolicy;

/// <summary>Represents the verdict of a policy about one call.</summary>
public readonly record struct PolicyVerdict
{
    /// <summary>Creates a verdict, for example about a call that was held in another process.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="modifiedArguments">The arguments to run with after an approval, if MODIFY rules matched as well.</param>
    /// <exception cref="ArgumentNullException"><paramref name="decision"/> is <see langword="null"/>.</exception>
    public PolicyVerdict(EnforcementDecision decision, JsonElement? modifiedArguments = null)
    {
        ArgumentNullException.ThrowIfNull(decision);
        (Decision, ModifiedArguments) = (decision, modifiedArguments);
    }

    /// <summary>Gets the decision. A <see cref="DecisionType.StepUp"/> has no hold token: the caller holds the call.</summary>
    public EnforcementDecision Decision { get; init; }

    /// <summary>
    /// Gets the arguments with which a held call runs after its approval, if MODIFY rules matched as well; <see langword="null"/>
    /// otherwise. A decision of <see cref="DecisionType.Modify"/> has its own arguments.
    /// </summary>
    public JsonElement? ModifiedArguments { get; }

    /// <summary>Returns the decision's text, without arguments.</summary>
    /// <returns>The text; empty for the default value.</returns>
    public override string ToString() => Decision?.ToString() ?? "";
}
