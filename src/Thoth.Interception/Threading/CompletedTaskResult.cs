namespace Thoth.Interception.Threading;

/// <summary>Takes the result of work that is known to have completed, which never waits.</summary>
internal static class CompletedTaskResult
{
#pragma warning disable RS0030, VSTHRD002, VSTHRD103 // Callers check that it has completed first.
    public static T ResultOf<T>(Task<T> task) => task.Result;

    /// <summary>The result of work that has completed in whatever way, or what kept it from one.</summary>
    public static (T? Result, Exception? Failure) OutcomeOf<T>(ValueTask<T> task)
        where T : class
    {
        try
        {
            return (task.Result, null);
        }
        catch (Exception exception)
        {
            return (null, exception);
        }
    }
#pragma warning restore RS0030, VSTHRD002, VSTHRD103
}
