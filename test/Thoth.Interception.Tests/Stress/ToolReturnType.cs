namespace Thoth.Interception.Tests.Stress;

/// <summary>The return types of <see cref="IStressTools"/>; generic methods once for each closed type.</summary>
public enum ToolReturnType
{
    Void,
    Result,
    Task,
    TaskOfResult,
    ValueTask,
    ValueTaskOfResult,
    Sequence,
    AsyncSequence,
    RefAndOut,
    GenericOfText,
    GenericOfNumber,
    GenericOfRecord,
    GenericTaskOfText,
    GenericTaskOfRecord,
}
