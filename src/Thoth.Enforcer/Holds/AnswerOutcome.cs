namespace Thoth.Enforcer.Holds;

/// <summary>What became of a person's answer.</summary>
internal enum AnswerOutcome
{
    /// <summary>It is on record, and its caller gets it.</summary>
    Recorded = 0,

    /// <summary>There is no such hold.</summary>
    NotFound,

    /// <summary>Somebody answered before.</summary>
    AlreadyDecided,

    /// <summary>The hold's time is over.</summary>
    Expired,

    /// <summary>The answer is about other arguments than those that are held.</summary>
    OtherArguments,
}
