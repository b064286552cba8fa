namespace Thoth.Enforcer.Configuration;

/// <summary>The server cannot start as it was asked to; the message says why and what to do.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
