namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>
/// Tells the subscribers of a folder that one of its files may have changed. There is one watcher for each folder and process,
/// because the system has few of them. It is only a hint: a watcher that cannot be had, or that watches a folder that has been
/// replaced, tells nothing.
/// </summary>
internal sealed class FolderWatch
{
    private static readonly Lock s_lock = new();
    private static readonly Dictionary<string, FolderWatch> s_folders = new(StringComparer.Ordinal);

    private readonly string _folder;
    private readonly List<Subscription> _subscriptions = [];
    private FileSystemWatcher? _watcher;

    private FolderWatch(string folder) => _folder = folder;

    /// <summary>Gets how many subscriptions share the watch of a folder.</summary>
    internal static int SubscriptionsOf(string folder)
    {
        lock (s_lock)
        {
            return s_folders.TryGetValue(folder, out var watch) ? watch._subscriptions.Count : 0;
        }
    }

    /// <summary>Subscribes to a file.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="changed">Is called on a thread of the watcher. It must return quickly.</param>
    /// <returns>The subscription, which ends when it is disposed.</returns>
    public static IPolicyWatch Subscribe(string path, Action changed)
    {
        var folder = Path.GetDirectoryName(path) ?? path;
        lock (s_lock)
        {
            if (!s_folders.TryGetValue(folder, out var watch))
            {
                s_folders[folder] = watch = new(folder);
                watch.Start();
            }

            var subscription = new Subscription(watch, Path.GetFileName(path), changed);
            watch._subscriptions.Add(subscription);
            return subscription;
        }
    }

    private void Start()
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new(_folder) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.CreationTime };
            watcher.Changed += (_, e) => Notify(e.Name);
            watcher.Created += (_, e) => Notify(e.Name);
            watcher.Deleted += (_, e) => Notify(e.Name);
            watcher.Renamed += (_, e) => Notify(e.Name);
            watcher.Error += (_, _) => Notify(null);
            watcher.EnableRaisingEvents = true;
            _watcher = watcher;
        }
        catch (Exception)
        {
            // The system has no watcher left, or the folder does not exist. The file is compared at intervals in any case.
            watcher?.Dispose();
        }
    }

    private void Notify(string? name)
    {
        Subscription[] subscriptions;
        lock (s_lock)
        {
            subscriptions = [.. _subscriptions];
        }

        foreach (var subscription in subscriptions)
        {
            if (name is null || string.Equals(name, subscription.FileName, StringComparison.OrdinalIgnoreCase))
            {
                subscription.Changed();
            }
        }
    }

    /// <summary>Takes the watcher from the field. The caller disposes it outside the lock, which its events take as well.</summary>
    private FileSystemWatcher? TakeWatcher()
    {
        var watcher = _watcher;
        _watcher = null;
        return watcher;
    }

    private sealed class Subscription(FolderWatch watch, string fileName, Action changed) : IPolicyWatch
    {
        public string FileName => fileName;

        public Action Changed => changed;

        public void Renew()
        {
            FileSystemWatcher? old = null;
            lock (s_lock)
            {
                if (watch._subscriptions.Contains(this))
                {
                    old = watch.TakeWatcher();
                    watch.Start();
                }
            }

            old?.Dispose();
        }

        public void Dispose()
        {
            FileSystemWatcher? old = null;
            lock (s_lock)
            {
                if (watch._subscriptions.Remove(this) && watch._subscriptions.Count == 0)
                {
                    s_folders.Remove(watch._folder);
                    old = watch.TakeWatcher();
                }
            }

            old?.Dispose();
        }
    }
}
