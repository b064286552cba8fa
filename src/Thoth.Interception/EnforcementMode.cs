using System.ComponentModel;

namespace Thoth.Interception;

/// <summary>
/// How an enforcer treats a call (contract §2.1). The library sends the mode and obeys the verdict; only
/// <see cref="Observe"/> changes what it does itself.
/// </summary>
[TypeConverter(typeof(EnforcementModeConverter))]
public enum EnforcementMode
{
    /// <summary>Calls outside the approved scope are refused. The default.</summary>
    Block = 0,

    /// <summary>
    /// Calls are recorded and no verdict is obeyed: every tool runs, except where <see cref="EventOptions.FullMode"/> or an outbox
    /// refuses calls whose evidence cannot be kept, and in a closed session.
    /// </summary>
    Observe,

    /// <summary>Calls outside the approved scope need a human's approval.</summary>
    StepUp,

    /// <summary>The enforcer tightens as anomalies accumulate.</summary>
    Progressive,
}
