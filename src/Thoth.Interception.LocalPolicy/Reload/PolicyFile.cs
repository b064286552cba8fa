using Thoth.Interception.LocalPolicy.Loading;

namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>Reads a policy file from disk and watches its folder, in which another file may be renamed over it.</summary>
internal sealed class PolicyFile : IPolicySource
{
    private readonly FolderWatches _watches;
    private readonly bool _isPath;

    /// <param name="path">
    /// A full path, or a relative one. A relative path is resolved against <see cref="AppContext.BaseDirectory"/> if the file
    /// is there, and otherwise against the current directory.
    /// </param>
    /// <param name="project">A folder that is looked at first: that of the project which is run from its sources.</param>
    /// <param name="watches">Watches the folder; by default those of the process.</param>
    public PolicyFile(string path, string? project = null, FolderWatches? watches = null)
    {
        _watches = watches ?? FolderWatches.OfProcess;
        _isPath = !path.Contains('\0');
        if (!_isPath)
        {
            Name = path;
            return;
        }

        Name = FileIn(project, path) ?? FileIn(AppContext.BaseDirectory, path) ?? Path.GetFullPath(path);
    }

    public string Name { get; }

    public byte[] Read()
    {
        if (!_isPath)
        {
            throw PolicyLoadException.Of(Name, "The path contains a NUL character. Remove it.");
        }

        try
        {
            using var file = new FileStream(Name, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return ReadAll(file) ?? throw PolicyLoadException.Of(Name, PolicyText.TooLarge);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw PolicyLoadException.Of(Name, Explain(e), e);
        }
    }

    public IPolicyWatch? Watch(Action changed) => _isPath ? _watches.Subscribe(Name, changed) : null;

    private static string? FileIn(string? folder, string path) =>
        folder is not null && Path.GetFullPath(path, folder) is var file && File.Exists(file) ? file : null;

    /// <summary>Reads a file of any length, as some do not state it.</summary>
    /// <returns>The bytes; <see langword="null"/> if there are too many, which are then not read.</returns>
    private static byte[]? ReadAll(FileStream file)
    {
        if (file.CanSeek && file.Length > PolicyText.MaxBytes)
        {
            return null;
        }

        var buffer = new byte[file.CanSeek ? (int)file.Length + 1 : 4096];
        var count = 0;
        int read;
        while ((read = file.Read(buffer, count, buffer.Length - count)) > 0)
        {
            count += read;
            if (count > PolicyText.MaxBytes)
            {
                return null;
            }

            if (count == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, PolicyText.MaxBytes + 1));
            }
        }

        return buffer[..count];
    }

    private string Explain(Exception e) =>
        Directory.Exists(Name) ? "The path is a folder. Add the name of the policy file to it."
        : e is DirectoryNotFoundException || (e is FileNotFoundException && !Directory.Exists(Path.GetDirectoryName(Name)))
            ? "The folder of the policy file does not exist. Create it or correct the path."
        : e is FileNotFoundException ? "The policy file does not exist. Create it or correct the path."
        : $"The policy file cannot be read. Give the process access to it. Cause: {e.Message}";
}
