using Microsoft.Extensions.Logging;

namespace Thoth.Interception.Sqlite.Storage;

/// <summary>
/// Runs work in groups, each in one transaction. It opens the file, and sets it aside if it is damaged. A failure fails its group;
/// the next group starts from what is on disk. Used by one thread.
/// </summary>
internal sealed class OutboxWriter : IDisposable
{
    private readonly string _path;
    private readonly OutboxFile _file;
    private readonly SqliteOutboxOptions _options;
    private readonly Func<OpenCall, OutboxEntry>? _interrupt;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private FileStream? _lock;
    private OutboxStore? _store;

    /// <summary>Opens the file. If that fails now, the first group opens it.</summary>
    /// <exception cref="OutboxException">The file is in use or is not an outbox: a retry would not help.</exception>
    public OutboxWriter(
        string path, SqliteOutboxOptions options, Func<OpenCall, OutboxEntry>? interrupt, TimeProvider time, ILogger logger)
    {
        (_path, _options, _interrupt, _time, _logger) = (path, options, interrupt, time, logger);
        _file = new OutboxFile(path, options.Sync, time, logger);
        try
        {
            Open();
        }
        catch (OutboxException exception) when (exception.Failure is OutboxFailure.InUse or OutboxFailure.Unreadable)
        {
            Dispose();
            throw;
        }
        catch (Exception exception)
        {
            Failed(exception);
        }
    }

    public OutboxStatus Status { get; } = new();

    public void Write(List<OutboxWork> group)
    {
        try
        {
            try
            {
                Commit(group);
            }
            catch (Exception exception) when (OutboxFile.IsDamage(exception))
            {
                SetAside(exception);
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

    public void Dispose()
    {
        Discard();
        _lock?.Dispose();
    }

    private void Commit(List<OutboxWork> group)
    {
        var store = _store ?? Open();
        store.Begin();
        group.ForEach(work => work.Write(store));
        store.Commit();
        Count(store);
        if (Status.IsFailing)
        {
            Status.IsFailing = false;
            OutboxLog.Recovered(_logger, _path);
        }

        group.ForEach(work => work.Complete(store));
    }

    private OutboxStore Open()
    {
        _lock ??= OutboxLock.Take(_path);
        try
        {
            return _store = OpenAsIs(check: !Status.WasOpened);
        }
        catch (Exception exception) when (OutboxFile.IsDamage(exception))
        {
            SetAside(exception);
            return _store = OpenAsIs(check: false);
        }
    }

    private OutboxStore OpenAsIs(bool check)
    {
        var store = MakeStore(check);
        try
        {
            if (Status.WasOpened)
            {
                store.ContinueFrom(Status.Head);
                store.DoubtAfter(Status.Head);
                Count(store);
            }
            else
            {
                CloseOpenCalls(store);
                Count(store);
                (Status.Found, Status.FoundUpTo) = (store.Waiting, store.Head.Sequence);
                Status.WasOpened = true;
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

    /// <summary>Writes an outcome for each open call of an earlier process.</summary>
    private void CloseOpenCalls(OutboxStore store)
    {
        var calls = _interrupt is null ? [] : store.ReadOpenCalls();
        var closed = 0;
        if (calls.Count > 0)
        {
            store.Begin();
            closed = calls.Count(call => OutcomeOf(call) is { } outcome && store.Append(outcome));
            store.Commit();
        }

        Status.Interrupted = closed;
        OutboxLog.Opened(_logger, _path, store.Waiting, closed);
    }

    /// <summary>Makes the outcome of a call. An unreadable record must not keep the outbox closed: its call stays open.</summary>
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
        if (store.IsFull && !Status.IsFull)
        {
            OutboxLog.Full(_logger, _path, store.Waiting);
        }

        (Status.Head, Status.Waiting, Status.IsFull) = (store.Head.Sequence, store.Waiting, store.IsFull);
        if (store.Dropped > 0)
        {
            Status.Dropped += store.Dropped;
            OutboxLog.DroppedOldest(_logger, _path, Status.Dropped);
        }
    }

    /// <summary>Sets the damaged file aside, with the unsent events in it.</summary>
    private void SetAside(Exception damage)
    {
        Discard();
        _file.SetAside(damage);
        (Status.Lost, Status.Waiting) = (Status.Lost + Status.Waiting, 0);
    }

    private OutboxException Failed(Exception exception)
    {
        var failure = _file.Explain(exception);

        // Logged once per burst: a line for every call would fill a disk that may be full already.
        if (!Status.IsFailing)
        {
            Status.IsFailing = true;
            OutboxLog.Failing(_logger, _path, failure.Failure);
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
