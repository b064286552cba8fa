namespace Thoth.Conformance;

/// <summary>What is tested, or the case itself, is not as the case says. Not NUnit's own exception, which a test cannot expect.</summary>
internal sealed class ConformanceException(string message) : Exception(message);
