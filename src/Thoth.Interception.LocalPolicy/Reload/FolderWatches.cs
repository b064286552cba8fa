namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>
/// Shares one watcher for each folder between all who watch its files, because the system has few of them.
/// </summary>
/// <param name="create">Creates the watcher of a folder. It may throw.</param>
internal sealed class FolderWatches(Func<string, FileSystemWatcher> create)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, FolderWatch> _folders = new(StringComparer.Ordinal);

    /// <summary>Gets the watches of this process.</summary>
    public static FolderWatches OfProcess { get; } = new(static folder => new(folder));

    /// <summary>Gets how many subscriptions share the watcher of a folder.</summary>
    public int SubscriptionsOf(string folder)
    {
        lock (_lock)
        {
            return _folders.TryGetValue(folder, out var watch) ? watch.Subscriptions : 0;
        }
    }

    /// <summary>Subscribes to a file.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="changed">Is called on a thread of the watcher. It must return quickly.</param>
    /// <returns>The subscription, which ends when it is disposed.</returns>
    public IPolicyWatch Subscribe(string path, Action changed)
    {
        var folder = Path.GetDirectoryName(path) ?? path;
        lock (_lock)
        {
            if (!_folders.TryGetValue(folder, out var watch))
            {
                _folders[folder] = watch = new(_lock, folder, create, () => _folders.Remove(folder));
            }

            return watch.Add(Path.GetFileName(path), changed);
        }
    }
}
