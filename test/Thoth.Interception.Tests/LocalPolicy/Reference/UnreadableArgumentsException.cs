namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>A condition or an edit needs the arguments, which are unreadable.</summary>
internal sealed class UnreadableArgumentsException : Exception;
