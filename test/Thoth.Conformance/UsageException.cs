namespace Thoth.Conformance;

/// <summary>The program cannot do what the command line asks for. The message says what to change.</summary>
internal sealed class UsageException(string message) : Exception(message);
