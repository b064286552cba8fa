using System.ComponentModel;

namespace Thoth.Enforcer.Serialization;

/// <summary>The names of decisions and modes in the wire contract.</summary>
internal static class WireNames
{
    public static string Of(DecisionType decision) => decision switch
    {
        DecisionType.Allow => "ALLOW",
        DecisionType.StepUp => "STEP_UP",
        DecisionType.Modify => "MODIFY",
        DecisionType.Defer => "DEFER",
        _ => "BLOCK",
    };

    /// <summary>An unknown name is a BLOCK.</summary>
    public static DecisionType DecisionOf(string name) =>
        Array.Find(Enum.GetValues<DecisionType>(), decision => Of(decision) == name);

    public static string Of(EnforcementMode mode) => mode switch
    {
        EnforcementMode.Observe => "observe",
        EnforcementMode.StepUp => "step_up",
        EnforcementMode.Progressive => "progressive",
        _ => "block",
    };

    /// <returns><see langword="null"/> for an unknown name.</returns>
    public static EnforcementMode? ModeOf(string name)
    {
        try
        {
            return (EnforcementMode?)TypeDescriptor.GetConverter(typeof(EnforcementMode)).ConvertFromInvariantString(name);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
