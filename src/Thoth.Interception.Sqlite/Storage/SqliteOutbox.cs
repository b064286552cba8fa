using Microsoft.Extensions.Logging;

namespace Thoth.Interception.Sqlite.Storage;

/// <summary>
/// An outbox file with one writer, a thread of its own: whatever it is asked for while it commits makes up the next transaction,
/// so that many callers share one wait for the disk.
/// </summary>
internal sealed class SqliteOutbox : IAsyncDisposable
{
    private const int LargestGroup = 1024;

    private readonly object _gate = new();
    private readonly Queue<OutboxWork> _queue = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly OutboxWriter _writer;
    private bool _isClosing;

    /// <param name="path">The file.</param>
    /// <param name="options">How events are kept.</param>
    /// <param name="interrupt">Makes the outcome of a call that has none when the file is opened; <see langword="null"/> to leave such calls alone.</param>
    /// <param name="time">The clock of the records.</param>
    /// <param name="logger">Where failures go.</param>
    /// <exception cref="OutboxException">
    /// The file is in use or is no outbox. A file that cannot be written now is tried again whenever something is to be written.
    /// </exception>
    public SqliteOutbox(
        string path, SqliteOutboxOptions options, Func<OpenCall, OutboxEntry>? interrupt, TimeProvider time, ILogger logger)
    {
        Path = System.IO.Path.GetFullPath(path);
        _writer = new OutboxWriter(Path, options, interrupt, time, logger);
        new Thread(Run) { IsBackground = true, Name = "Thoth outbox" }.Start();
    }

    public string Path { get; }

    public OutboxStatus Figures => _writer.Figures;

    /// <summary>Appends events in their order.</summary>
    /// <returns>The newest record's sequence number, once they are committed.</returns>
    /// <exception cref="OutboxException">They are not; or, where there was no room, only the first of them are.</exception>
    public Task<long> AppendAsync(params IReadOnlyList<OutboxEntry> entries) => Enqueue(new AppendWork(entries, Path));

    /// <summary>Reads what waits to be sent, oldest first.</summary>
    /// <param name="after">The sequence number to start behind.</param>
    /// <param name="limit">How many at most.</param>
    public Task<IReadOnlyList<WaitingEvent>> ReadWaitingAsync(long after, int limit) => Enqueue(new ReadWork(after, limit));

    /// <summary>Marks events as done with; they are deleted once they were kept long enough.</summary>
    /// <param name="sequences">Their numbers, in order.</param>
    /// <param name="whole">No other waiting event stands between them.</param>
    /// <returns>How many of them were still waiting.</returns>
    public Task<int> MarkAsync(IReadOnlyList<long> sequences, bool whole = false) => Enqueue(new CheckpointWork(sequences, whole));

    /// <summary>Finishes what was asked for and lets the file go.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isClosing = true;
            Monitor.Pulse(_gate);
        }

        return new ValueTask(_ended.Task);
    }

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
