namespace Thoth.Interception.Threading;

/// <summary>Gets results of tasks that have completed, without waiting.</summary>
internal static class CompletedTaskResult
{
#pragma warning disable RS0030, VSTHRD002, VSTHRD103 // Callers check that it has completed first.
    /// <summary>Gets the result of a task that has completed, or throws its exception.</summary>
    public static T ResultOf<T>(Task<T> task) => task.Result;

    /// <summary>Gets the result or the exception of a task that has completed.</summary>
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
