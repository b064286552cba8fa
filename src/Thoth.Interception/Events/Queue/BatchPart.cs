namespace Thoth.Interception.Events.Queue;

/// <summary>What became of some neighbouring events of a batch.</summary>
/// <param name="Count">How many.</param>
/// <param name="Loss">Why they are lost; <see langword="null"/> where they were accepted.</param>
internal readonly record struct BatchPart(int Count, DropReason? Loss);
