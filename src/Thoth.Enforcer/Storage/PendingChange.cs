using Microsoft.Data.Sqlite;

namespace Thoth.Enforcer.Storage;

/// <summary>A change that waits for the writer, and somebody who waits for the change.</summary>
internal abstract class PendingChange
{
    /// <returns>Whether the change can be kept.</returns>
    public abstract bool TryRun(SqliteConnection connection);

    /// <summary>The change, or its failure, is final.</summary>
    public abstract void Committed();

    public abstract void Failed(Exception exception);
}

/// <inheritdoc/>
internal sealed class PendingChange<T>(Func<SqliteConnection, T> change) : PendingChange
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _failure;

    public Task<T> Done => _done.Task;

    public override bool TryRun(SqliteConnection connection)
    {
        try
        {
            _result = change(connection);
            return true;
        }
#pragma warning disable CA1031 // One change's failure is its own: the others of the commit go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = e;
            return false;
        }
    }

    public override void Committed()
    {
        if (_failure is null)
        {
            _done.TrySetResult(_result!);
        }
        else
        {
            _done.TrySetException(_failure);
        }
    }

    public override void Failed(Exception exception) => _done.TrySetException(_failure ?? exception);
}
