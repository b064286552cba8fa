namespace QuickStart;

/// <summary>The exception that is thrown when the sample cannot start. The message says why and what to do.</summary>
internal sealed class CannotRunException(string message) : Exception(message);
