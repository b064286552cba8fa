namespace Thoth.Interception.AI;

/// <summary>Specifies whose approval lets a held call run.</summary>
public enum ApprovalAuthority
{
    /// <summary>
    /// The enforcer's. The host's "approved" only asks again what became of the hold; the call runs if it was approved there. This is
    /// the default.
    /// </summary>
    Enforcer = 0,

    /// <summary>
    /// The host's: its "approved" approves the hold. Only an enforcer that owns its holds in this process allows it, such as the local
    /// policy. The host must check who answers.
    /// </summary>
    Host,
}
