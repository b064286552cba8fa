namespace Thoth.Conformance;

/// <summary>The library, or the case itself, is not as the case says. Not NUnit's own exception, which cannot be expected by a test.</summary>
internal sealed class ConformanceException(string message) : Exception(message);
