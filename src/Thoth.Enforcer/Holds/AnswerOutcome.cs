namespace Thoth.Enforcer.Holds;

/// <summary>The outcome of an approver's answer.</summary>
internal enum AnswerOutcome
{
    /// <summary>It is recorded and will reach the caller.</summary>
    Recorded = 0,

    /// <summary>The hold does not exist.</summary>
    NotFound,

    /// <summary>Another answer came first.</summary>
    AlreadyDecided,

    /// <summary>The hold has expired.</summary>
    Expired,

    /// <summary>The answer is about other arguments than those that are held.</summary>
    OtherArguments,

    /// <summary>The caller stopped polling, so the answer would not reach it.</summary>
    CallerGone,

    /// <summary>The stored call cannot be read, so it cannot be approved. It can be denied.</summary>
    Unreadable,

    /// <summary>A part of the call was not shown where the person approved it.</summary>
    NotSeen,
}
