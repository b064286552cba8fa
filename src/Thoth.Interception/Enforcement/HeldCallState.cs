namespace Thoth.Interception;

/// <summary>Specifies what became of a held call.</summary>
public enum HeldCallState
{
    /// <summary>The call waits for an approval.</summary>
    Pending = 0,

    /// <summary>The call was approved and has not been made again yet.</summary>
    Approved,

    /// <summary>The call was denied. It never runs.</summary>
    Denied,

    /// <summary>There was no approval in time, or the enforcer does not know the hold any more. The call never runs.</summary>
    Expired,

    /// <summary>The call was made again after its approval. An approval is for one run.</summary>
    Used,
}
