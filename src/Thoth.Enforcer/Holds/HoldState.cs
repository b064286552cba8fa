namespace Thoth.Enforcer.Holds;

/// <summary>The state of a held call.</summary>
internal enum HoldState
{
    /// <summary>It waits for a person.</summary>
    Pending = 0,

    /// <summary>It may run, once.</summary>
    Approved,

    /// <summary>It may not run.</summary>
    Denied,

    /// <summary>It was not decided in time.</summary>
    Expired,

    /// <summary>Its caller stopped polling. It waits again if the caller polls again in time. Never stored.</summary>
    CallerGone,

    /// <summary>It was approved, but may not run: when the approval was about to release it, other calls had used up a limit of the policy.</summary>
    Refused,
}
