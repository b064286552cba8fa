namespace Thoth.Enforcer.Holds;

/// <summary>What became of a held call.</summary>
internal enum HoldState
{
    /// <summary>It waits for a person.</summary>
    Pending = 0,

    /// <summary>It may run, once.</summary>
    Approved,

    /// <summary>It may not run.</summary>
    Denied,

    /// <summary>Its time is over.</summary>
    Expired,
}
