using Microsoft.Extensions.Logging;

namespace Thoth.Interception;

/// <summary>
/// An outbox file with one writer, a thread of its own: whatever it is asked for while it commits makes up the next transaction,
/// so that many callers share one wait for the disk. A failure fails its group; the next group starts from what is on disk.
/// </summary>
internal sealed class SqliteOutbox : IAsyncDisposable
{
    private const int LargestGroup = 1024;

    private readonly object _gate = new();
    private readonly Queue<OutboxWork> _queue = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly OutboxFile _file;
    private readonly SqliteOutboxOptions _options;
    private readonly Func<OpenCall, OutboxEntry>? _interrupt;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private FileStream? _lock;
    private OutboxStore? _store;
    private bool _wasOpened;
    private bool _isFailing;
    private bool _isFull;
    private bool _isClosing;
    private long _head;
    private long _waiting;
    private long _dropped;
    private long _lost;
    private long _found = -1;
    private long _foundUpTo;
    private int _interrupted;

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
        (_options, _interrupt, _time, _logger) = (options, interrupt, time, logger);
        Path = System.IO.Path.GetFullPath(path);
        _file = new OutboxFile(Path, options.Sync, time, logger);
        try
        {
            _store = OpenStore();
        }
        catch (OutboxException exception) when (exception.Failure is OutboxFailure.InUse or OutboxFailure.Unreadable)
        {
            _lock?.Dispose();
            throw;
        }
        catch (Exception exception)
        {
            Failed(exception);
        }

        new Thread(Run) { IsBackground = true, Name = "Thoth outbox" }.Start();
    }

    public string Path { get; }

    /// <summary>How many events were not sent yet when the last transaction ended.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>How many events that were not sent yet made room for newer ones.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>How many events that were not sent yet are in files that were set aside while they were in use.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>
    /// How many events of an earlier process were found waiting, the outcomes of its open calls included; <see langword="null"/>
    /// until the file could be opened.
    /// </summary>
    public long? Found => Interlocked.Read(ref _found) is >= 0 and var found ? found : null;

    /// <summary>The newest record of those.</summary>
    public long FoundUpTo => Interlocked.Read(ref _foundUpTo);

    /// <summary>How many calls were found without an outcome, and got one.</summary>
    public int Interrupted => Volatile.Read(ref _interrupted);

    /// <summary>The last transaction was committed, and the last event found room.</summary>
    public bool IsWritable => !Volatile.Read(ref _isFailing) && !Volatile.Read(ref _isFull);

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
    public Task<int> MarkAsync(IReadOnlyList<long> sequences, bool whole = false) => Enqueue(new MarkWork(sequences, whole));

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
            Process(group);
            group.Clear();
        }

        Discard();
        _lock?.Dispose();
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

    private void Process(List<OutboxWork> group)
    {
        try
        {
            try
            {
                Commit(group);
            }
            catch (Exception exception) when (OutboxFile.IsDamage(exception))
            {
                Discard();
                _file.SetAside(exception);
                Interlocked.Add(ref _lost, Interlocked.Exchange(ref _waiting, 0));
                Commit(group);
            }
        }
        catch (Exception exception)
        {
            Discard();
            var failure = Failed(exception);
            group.ForEach(work => work.Fail(failure));
        }
    }

    private void Commit(List<OutboxWork> group)
    {
        var store = _store ??= OpenStore();
        store.Begin();
        group.ForEach(work => work.Write(store));
        store.Commit();
        Count(store);
        if (_isFailing)
        {
            Volatile.Write(ref _isFailing, false);
            OutboxLog.Recovered(_logger, Path);
        }

        group.ForEach(work => work.Complete(store));
    }

    private OutboxStore OpenStore()
    {
        _lock ??= OutboxLock.Take(Path);
        OutboxStore store;
        try
        {
            store = MakeStore(check: !_wasOpened);
        }
        catch (Exception exception) when (OutboxFile.IsDamage(exception))
        {
            _file.SetAside(exception);
            store = MakeStore(check: false);
        }

        try
        {
            if (!_wasOpened)
            {
                CloseOpenCalls(store);
            }
            else
            {
                store.ContinueFrom(_head);
                store.DoubtAfter(_head);
            }

            Count(store);
            if (!_wasOpened)
            {
                _wasOpened = true;
                Interlocked.Exchange(ref _foundUpTo, store.Head.Sequence);
                Interlocked.Exchange(ref _found, store.Waiting);
            }

            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private OutboxStore MakeStore(bool check)
    {
        var connection = _file.Open(check);
        try
        {
            return new OutboxStore(connection, _options, _time);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The process that made these calls is gone: nobody but us can say how they ended.</summary>
    private void CloseOpenCalls(OutboxStore store)
    {
        var calls = _interrupt is null ? [] : store.ReadOpenCalls();
        if (calls.Count > 0)
        {
            store.Begin();
            Volatile.Write(ref _interrupted, calls.Count(call => OutcomeOf(call) is { } outcome && store.Append(outcome)));
            store.Commit();
        }

        OutboxLog.Opened(_logger, Path, store.Waiting, Interrupted);
    }

    /// <summary>What somebody has made unreadable must not keep the outbox closed; its call stays open.</summary>
    private OutboxEntry? OutcomeOf(OpenCall call)
    {
        try
        {
            return _interrupt!(call);
        }
        catch (Exception exception)
        {
            OutboxLog.FailureDetail(_logger, exception);
            return null;
        }
    }

    private void Count(OutboxStore store)
    {
        _head = store.Head.Sequence;
        if (store.IsFull && !_isFull)
        {
            OutboxLog.Full(_logger, Path, store.Waiting);
        }

        Volatile.Write(ref _isFull, store.IsFull);
        Interlocked.Exchange(ref _waiting, store.Waiting);
        if (store.Dropped > 0)
        {
            OutboxLog.DroppedOldest(_logger, Path, Interlocked.Add(ref _dropped, store.Dropped));
        }
    }

    private OutboxException Failed(Exception exception)
    {
        var failure = _file.Explain(exception);

        // Once per burst: a log line for every call would fill the disk that may be full already.
        if (!_isFailing)
        {
            Volatile.Write(ref _isFailing, true);
            OutboxLog.Failing(_logger, Path, failure.Failure);
            OutboxLog.FailureDetail(_logger, exception);
        }

        return failure;
    }

    private void Discard()
    {
        _store?.Dispose();
        _store = null;
    }
}
