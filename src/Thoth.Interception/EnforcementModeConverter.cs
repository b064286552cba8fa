using System.ComponentModel;
using System.Globalization;

namespace Thoth.Interception;

/// <summary>Converts the text of a mode in configuration: <c>step_up</c> or <c>StepUp</c>, in upper or lower case.</summary>
internal sealed class EnforcementModeConverter : EnumConverter
{
    public EnforcementModeConverter()
        : base(typeof(EnforcementMode))
    {
    }

    public static string ToWire(EnforcementMode mode) => mode switch
    {
        EnforcementMode.Observe => "observe",
        EnforcementMode.StepUp => "step_up",
        EnforcementMode.Progressive => "progressive",
        _ => "block",
    };

    /// <summary>Parses a mode (contract §7.3). <c>shadow</c> is the old name of <c>observe</c>.</summary>
    public static bool TryParse(string text, out EnforcementMode mode)
    {
        EnforcementMode? parsed = text.Trim().Replace("_", "", StringComparison.Ordinal).ToLowerInvariant() switch
        {
            "observe" or "shadow" => EnforcementMode.Observe,
            "stepup" => EnforcementMode.StepUp,
            "block" => EnforcementMode.Block,
            "progressive" => EnforcementMode.Progressive,
            _ => null,
        };
        mode = parsed.GetValueOrDefault();
        return parsed.HasValue;
    }

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text && TryParse(text, out var mode)
            ? mode
            : throw new FormatException("The enforcement mode is unknown. Set it to observe, step_up, block or progressive.");
}
