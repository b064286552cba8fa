namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>
/// Tells the subscribers of a folder that one of its files may have changed. It is only a hint: a watcher that cannot be had, or
/// that watches a folder that has been replaced, tells nothing.
/// </summary>
internal sealed class FolderWatch
{
    private readonly Lock _lock;
    private readonly string _folder;
    private readonly Func<string, FileSystemWatcher> _create;
    private readonly Action _unused;
    private readonly List<Subscription> _subscriptions = [];
    private FileSystemWatcher? _watcher;
    private Exception? _error;

    /// <summary>How often a watcher was started.</summary>
    private int _starts;

    /// <summary>Starts to watch a folder. The caller holds the lock.</summary>
    /// <param name="shared">The lock of all folders.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="create">Creates a watcher. It may throw.</param>
    /// <param name="unused">Is called under the lock when the last subscription has ended.</param>
    public FolderWatch(Lock shared, string folder, Func<string, FileSystemWatcher> create, Action unused)
    {
        (_lock, _folder, _create, _unused) = (shared, folder, create, unused);
        Start();
    }

    /// <summary>Gets the number of subscriptions. The caller holds the lock.</summary>
    public int Subscriptions => _subscriptions.Count;

    /// <summary>Adds a subscription to a file. The caller holds the lock.</summary>
    public IPolicyWatch Add(string fileName, Action changed)
    {
        var subscription = new Subscription(this, fileName, changed);
        _subscriptions.Add(subscription);
        return subscription;
    }

    private void Start()
    {
        _starts++;
        _error = null;
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = _create(_folder);
            watcher.NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.CreationTime;
            watcher.Changed += (_, e) => Notify(e.Name);
            watcher.Created += (_, e) => Notify(e.Name);
            watcher.Deleted += (_, e) => Notify(e.Name);
            watcher.Renamed += (_, e) => Notify(e.Name);
            watcher.Error += (_, _) => Notify(null);
            watcher.EnableRaisingEvents = true;
            _watcher = watcher;
        }
        catch (Exception e)
        {
            // The system has no watcher left, or the folder does not exist. The file is compared at intervals in any case.
            _error = e;
            watcher?.Dispose();
        }
    }

    private void Notify(string? name)
    {
        Subscription[] subscriptions;
        lock (_lock)
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
        /// <summary>The start that this subscription knows. If another one has renewed the watcher since, that is enough.</summary>
        private int _start = watch._starts;

        public string FileName => fileName;

        public Action Changed => changed;

        public Exception? Error
        {
            get
            {
                lock (watch._lock)
                {
                    return watch._error;
                }
            }
        }

        public void Renew()
        {
            FileSystemWatcher? old = null;
            lock (watch._lock)
            {
                if (watch._subscriptions.Contains(this))
                {
                    if (_start == watch._starts)
                    {
                        old = watch.TakeWatcher();
                        watch.Start();
                    }

                    _start = watch._starts;
                }
            }

            old?.Dispose();
        }

        public void Dispose()
        {
            FileSystemWatcher? old = null;
            lock (watch._lock)
            {
                if (watch._subscriptions.Remove(this) && watch._subscriptions.Count == 0)
                {
                    watch._unused();
                    old = watch.TakeWatcher();
                }
            }

            old?.Dispose();
        }
    }
}
