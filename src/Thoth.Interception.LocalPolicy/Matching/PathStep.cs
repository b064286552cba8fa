namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>A step of an argument path.</summary>
/// <param name="Kind">The kind of the step.</param>
/// <param name="Name">The member's name, for <see cref="PathStepKind.Property"/>.</param>
/// <param name="Index">The element's index from 0, for <see cref="PathStepKind.Index"/>.</param>
internal readonly record struct PathStep(PathStepKind Kind, string Name = "", int Index = 0);
