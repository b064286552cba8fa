namespace Thoth.Interception.Threading;

/// <summary>
/// Keeps one unused object per thread. A caller takes it out for as long as it uses it, so a nested call on the same thread
/// finds none and makes another.
/// </summary>
internal static class ThreadCache<T>
    where T : class
{
    [ThreadStatic]
    private static T? t_unused;

    /// <summary>Takes the thread's object, or <see langword="null"/> if it has none.</summary>
    public static T? Take()
    {
        var unused = t_unused;
        t_unused = null;
        return unused;
    }

    /// <summary>Keeps an object that is ready for its next use.</summary>
    /// <returns><see langword="false"/> if the thread has one already.</returns>
    public static bool TryKeep(T unused)
    {
        if (t_unused is not null)
        {
            return false;
        }

        t_unused = unused;
        return true;
    }
}
