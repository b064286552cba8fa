namespace Thoth.Interception;

/// <summary>Takes the result of work that is known to have completed, which never waits.</summary>
internal static class Completed
{
#pragma warning disable RS0030, VSTHRD002, VSTHRD103 // Callers check IsCompletedSuccessfully first.
    public static T ResultOf<T>(ValueTask<T> task) => task.Result;

    public static T ResultOf<T>(Task<T> task) => task.Result;
#pragma warning restore RS0030, VSTHRD002, VSTHRD103
}
