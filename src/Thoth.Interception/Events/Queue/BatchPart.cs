namespace Thoth.Interception.Events.Queue;

/// <summary>Represents the outcome of some neighbouring events of a batch.</summary>
/// <param name="Count">The number of events, at least 1.</param>
/// <param name="Loss">Why the events are lost; <see langword="null"/> if they were accepted.</param>
internal readonly record struct BatchPart(int Count, DropReason? Loss);
