namespace Thoth.Interception;

/// <summary>
/// Represents the refusal of a governed call; the base of all exceptions of this kind. Messages may be shown to a model: they
/// never contain argument values, keys or tokens.
/// </summary>
public abstract class ThothException : Exception
{
    private protected ThothException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
