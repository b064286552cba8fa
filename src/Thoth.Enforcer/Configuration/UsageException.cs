namespace Thoth.Enforcer.Configuration;

/// <summary>The server cannot start with these arguments; the message says why and what to do.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
