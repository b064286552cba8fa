namespace Thoth.Interception.LocalPolicy;

/// <summary>One mistake in a policy file.</summary>
/// <param name="Line">The line, counted from 1; 0 where the file cannot be read at all.</param>
/// <param name="Column">The character in the line, counted from 1; 0 where the file cannot be read at all.</param>
/// <param name="Key">The key as a path, such as <c>rules[2].decision</c>; empty for the whole file.</param>
/// <param name="Message">What is wrong and what to do, in one sentence.</param>
public sealed record PolicyLoadError(int Line, int Column, string Key, string Message);
