using Thoth.Interception.Serialization;

namespace Thoth.Interception.Testing;

/// <summary>Gives sessions a past, for tests of what depends on it.</summary>
public static class TestSessionExtensions
{
    /// <summary>Adds calls to the history of a session, as if these tools had run.</summary>
    /// <param name="session">The session, of an application or of <see cref="TestSessions"/>.</param>
    /// <param name="tools">The tools' names, oldest first.</param>
    /// <exception cref="ArgumentNullException"><paramref name="session"/> or <paramref name="tools"/> is <see langword="null"/>.</exception>
    /// <exception cref="ObjectDisposedException">The session is closed.</exception>
    public static void RecordToolCalls(this ThothSession session, params string[] tools)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(tools);
        foreach (var tool in tools)
        {
            ObjectDisposedException.ThrowIf(!session.TryRecordStart(new EncodedToolName(tool)), session);
        }
    }
}
