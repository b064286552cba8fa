namespace Thoth.Interception;

/// <summary>
/// The base of every exception by which a governed call is refused. Messages may be shown to a model: they never hold
/// argument values, keys or tokens.
/// </summary>
public abstract class ThothException : Exception
{
    private protected ThothException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
