namespace QuickStart;

/// <summary>The sample cannot start; the message says why and what to do.</summary>
internal sealed class CannotRunException(string message) : Exception(message);
