using Microsoft.Extensions.Logging;

namespace Thoth.Interception.Sqlite.Storage;

/// <summary>
/// Represents an outbox file with one writer thread. Requests that arrive while it commits make up the next transaction, so that
/// many callers share one wait for the disk.
/// </summary>
internal sealed class SqliteOutbox : IEventOutbox
{
    private const int LargestGroup = 1024;

    private readonly object _gate = new();
    private readonly Queue<OutboxWork> _queue = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly OutboxWriter _writer;
    private bool _isClosing;

    /// <param name="path">The file.</param>
    /// <param name="options">How events are stored.</param>
    /// <param name="interrupt">Makes the outcome of a call that has none when the file is opened; <see langword="null"/> to leave such calls alone.</param>
    /// <param name="time">The clock of the records.</param>
    /// <param name="logger">Logs failures.</param>
    /// <exception cref="OutboxException">
    /// The file is in use or is not an outbox. A file that cannot be written now is opened again with each write.
    /// </exception>
    public SqliteOutbox(
        string path, SqliteOutboxOptions options, Func<OpenCall, OutboxEntry>? interrupt, TimeProvider time, ILogger logger)
    {
        Path = System.IO.Path.GetFullPath(path);
        CommitsBeforeExecution = options.Durability == OutboxDurability.BeforeExecution;
        _writer = new OutboxWriter(Path, options, interrupt, time, logger);
        new Thread(Run) { IsBackground = true, Name = "Thoth outbox" }.Start();
    }

    public string Path { get; }

    /// <summary>Gets or sets the held calls in this file.</summary>
    public IHeldCallStore? HeldCalls { get; set; }

    public OutboxStatus Status => _writer.Status;

    public bool CommitsBeforeExecution { get; }

    public bool IsWritable => Status.IsWritable;

    public long LastSequence => Status.Head;

    public long? RecoveredEvents => Status.WasOpened ? Status.Found : null;

    public long RecoveredUpTo => Status.FoundUpTo;

    public long DroppedEvents => Status.Dropped;

    public long LostEvents => Status.Lost;

    /// <summary>Appends records in their order.</summary>
    /// <returns>The newest record's sequence number, when all records are committed.</returns>
    /// <exception cref="OutboxException">
    /// The records are not committed. If not all fit, the first <see cref="OutboxException.Written"/> records are.
    /// </exception>
    public Task<long> AppendAsync(params IReadOnlyList<OutboxEntry> entries) => Enqueue(new AppendWork(entries, Path));

    async Task<int> IEventOutbox.AppendAsync(IReadOnlyList<OutboxEntry> entries)
    {
        try
        {
            await AppendAsync(entries).ConfigureAwait(false);
            return entries.Count;
        }
        catch (OutboxException exception) when (exception.Written > 0)
        {
            return exception.Written;
        }
    }

    public Task<IReadOnlyList<PendingEvent>> ReadPendingAsync(long after, int limit) => Enqueue(new ReadWork(after, limit));

    /// <summary>Marks a range of events as sent. They are deleted when <see cref="SqliteOutboxOptions.Retention"/> is over.</summary>
    public Task<int> MarkSentAsync(long first, long last) => Enqueue(new CheckpointWork(first, last));

    /// <summary>Finishes the requested work and closes the file.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isClosing = true;
            Monitor.Pulse(_gate);
        }

        return new ValueTask(_ended.Task);
    }

    /// <summary>Runs work on the writer thread.</summary>
    public Task<T> RunAsync<T>(OutboxWorkWithResult<T> work) => Enqueue(work);

    private Task<T> Enqueue<T>(OutboxWorkWithResult<T> work)
    {
        lock (_gate)
        {
            if (!_isClosing)
            {
                _queue.Enqueue(work);
                Monitor.Pulse(_gate);
                return work.Done;
            }
        }

        return Task.FromException<T>(new OutboxException(OutboxFailure.Closed, $"The outbox '{Path}' is closed."));
    }

    private void Run()
    {
        var group = new List<OutboxWork>();
        while (TakeGroup(group))
        {
            _writer.Write(group);
            group.Clear();
        }

        _writer.Dispose();
        _ended.SetResult();
    }

    private bool TakeGroup(List<OutboxWork> group)
    {
        lock (_gate)
        {
            while (_queue.Count == 0 && !_isClosing)
            {
                Monitor.Wait(_gate);
            }

            while (group.Count < LargestGroup && _queue.TryDequeue(out var work))
            {
                group.Add(work);
            }

            return group.Count > 0;
        }
    }
}
