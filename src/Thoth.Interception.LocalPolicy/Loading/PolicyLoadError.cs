namespace Thoth.Interception.LocalPolicy;

/// <summary>Represents one error in a policy file.</summary>
/// <param name="Line">The line, from 1; 0 if the file cannot be read.</param>
/// <param name="Column">The column in the line in UTF-16 characters, from 1; 0 if the file cannot be read.</param>
/// <param name="Key">The path of the key, such as <c>rules[2].decision</c>; empty for the whole file.</param>
/// <param name="Message">The error, and how to correct it.</param>
public sealed record PolicyLoadError(int Line, int Column, string Key, string Message);
