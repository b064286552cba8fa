using System.ComponentModel;

namespace Thoth.Interception;

/// <summary>
/// Specifies how an enforcer treats a call (contract §2.1). The library sends the mode and applies the decision; only
/// <see cref="Observe"/> changes what the library does.
/// </summary>
[TypeConverter(typeof(EnforcementModeConverter))]
public enum EnforcementMode
{
    /// <summary>Calls outside the approved scope are refused. The default.</summary>
    Block = 0,

    /// <summary>
    /// Calls are recorded and decisions are not applied. Every tool runs, unless its session is closed, or <see cref="EventOptions.FullMode"/>
    /// or an outbox refuses a call whose events cannot be stored.
    /// </summary>
    Observe,

    /// <summary>Calls outside the approved scope need a person's approval.</summary>
    StepUp,

    /// <summary>The enforcer becomes stricter as anomalies accumulate.</summary>
    Progressive,
}
