namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>One step of an argument path.</summary>
internal readonly record struct PathStep(PathStepKind Kind, string Name = "", int Index = 0);
