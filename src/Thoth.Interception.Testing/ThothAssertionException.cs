namespace Thoth.Interception.Testing;

/// <summary>
/// The exception that is thrown when an assertion of this package fails. Every test framework shows it as the failure of the test.
/// </summary>
public sealed class ThothAssertionException : Exception
{
    internal ThothAssertionException(string message)
        : base(message)
    {
    }
}
