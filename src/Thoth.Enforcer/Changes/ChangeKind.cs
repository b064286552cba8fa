namespace Thoth.Enforcer.Changes;

/// <summary>What happened.</summary>
internal enum ChangeKind
{
    /// <summary>A call was decided.</summary>
    Decided = 0,

    /// <summary>A call is held.</summary>
    Held,

    /// <summary>A held call was approved.</summary>
    Approved,

    /// <summary>A held call was denied.</summary>
    Denied,

    /// <summary>Nobody decided about a held call in time.</summary>
    Expired,

    /// <summary>The approval of a held call was collected by its caller.</summary>
    Delivered,

    /// <summary>Events came in.</summary>
    EventsReceived,
}
