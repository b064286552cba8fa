namespace Thoth.Interception.Sqlite.Storage;

/// <summary>
/// Keeps a file to one outbox: a lock of the operating system on a file beside it, which ends with the process however it
/// ends. The file stays, because removing it would let two outboxes lock two files.
/// </summary>
internal static class OutboxLock
{
    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] s_taken = [11, 35, unchecked((int)0x80070020)];

    public static FileStream Take(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OutboxFile.OwnerOnly;
        }

        try
        {
            return new FileStream(path + ".lock", options);
        }
        catch (IOException exception) when (s_taken.Contains(exception.HResult))
        {
            throw new OutboxException(
                OutboxFailure.InUse,
                $"The outbox '{path}' is in use by another process or service provider; give each its own file.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OutboxFile.NotWritable(path, exception);
        }
    }
}
