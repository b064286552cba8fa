using Microsoft.Extensions.Logging;

namespace Thoth.Interception.Sqlite.Storage;

/// <summary>
/// Does work in groups, each in one transaction, on a file that it opens, and sets aside where it is damaged. A failure fails its
/// group; the next group starts from what is on disk. Used by one thread.
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

    /// <summary>Opens the file, or leaves that to the first group.</summary>
    /// <exception cref="OutboxException">The file is in use or is no outbox: trying again would not help.</exception>
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

    public OutboxStatus Figures { get; } = new();

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
        if (Figures.IsFailing)
        {
            Figures.IsFailing = false;
            OutboxLog.Recovered(_logger, _path);
        }

        group.ForEach(work => work.Complete(store));
    }

    private OutboxStore Open()
    {
        _lock ??= OutboxLock.Take(_path);
        try
        {
            return _store = OpenAsIs(check: !Figures.WasOpened);
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
            if (Figures.WasOpened)
            {
                store.ContinueFrom(Figures.Head);
                store.DoubtAfter(Figures.Head);
                Count(store);
            }
            else
            {
                CloseOpenCalls(store);
                Count(store);
                (Figures.Found, Figures.FoundUpTo) = (store.Waiting, store.Head.Sequence);
                Figures.WasOpened = true;
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
        var closed = 0;
        if (calls.Count > 0)
        {
            store.Begin();
            closed = calls.Count(call => OutcomeOf(call) is { } outcome && store.Append(outcome));
            store.Commit();
        }

        Figures.Interrupted = closed;
        OutboxLog.Opened(_logger, _path, store.Waiting, closed);
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
        if (store.IsFull && !Figures.IsFull)
        {
            OutboxLog.Full(_logger, _path, store.Waiting);
        }

        (Figures.Head, Figures.Waiting, Figures.IsFull) = (store.Head.Sequence, store.Waiting, store.IsFull);
        if (store.Dropped > 0)
        {
            Figures.Dropped += store.Dropped;
            OutboxLog.DroppedOldest(_logger, _path, Figures.Dropped);
        }
    }

    /// <summary>What was not sent yet goes with the file.</summary>
    private void SetAside(Exception damage)
    {
        Discard();
        _file.SetAside(damage);
        (Figures.Lost, Figures.Waiting) = (Figures.Lost + Figures.Waiting, 0);
    }

    private OutboxException Failed(Exception exception)
    {
        var failure = _file.Explain(exception);

        // Once per burst: a log line for every call would fill the disk that may be full already.
        if (!Figures.IsFailing)
        {
            Figures.IsFailing = true;
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
