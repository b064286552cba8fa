namespace Thoth.Enforcer.Changes;

/// <summary>The kind of a change.</summary>
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

    /// <summary>A held call expired without a decision.</summary>
    Expired,

    /// <summary>The approval of a held call was delivered to its caller.</summary>
    Delivered,

    /// <summary>A held call was approved, but refused when the approval was about to release it.</summary>
    Refused,

    /// <summary>The caller of a held call stopped polling.</summary>
    CallerGone,

    /// <summary>The caller of a held call polls again after it had stopped.</summary>
    CallerBack,

    /// <summary>Events came in.</summary>
    EventsReceived,
}
