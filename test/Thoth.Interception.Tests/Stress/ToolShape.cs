namespace Thoth.Interception.Tests.Stress;

/// <summary>The shapes of <see cref="IShapeTools"/>; generic methods once for each of three closings.</summary>
public enum ToolShape
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
