using Microsoft.Data.Sqlite;

namespace Thoth.Enforcer.Storage;

/// <summary>A change in the writer's queue, with the task of its caller.</summary>
internal abstract class PendingChange
{
    /// <summary>The change's own exception.</summary>
    public Exception? Failure { get; protected set; }

    /// <returns>Whether the change can be kept.</returns>
    public abstract bool TryRun(SqliteConnection connection);

    /// <summary>Completes the caller's task with the result, or with the change's own exception.</summary>
    public abstract void Committed();

    public abstract void Failed(Exception exception);
}

/// <inheritdoc/>
internal sealed class PendingChange<T>(Func<SqliteConnection, T> change) : PendingChange
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;

    public override bool TryRun(SqliteConnection connection)
    {
        try
        {
            _result = change(connection);
            return true;
        }
        catch (Exception e)
        {
            // A change that fails must not fail the others of its commit.
            Failure = e;
            return false;
        }
    }

    public override void Committed()
    {
        if (Failure is null)
        {
            _done.TrySetResult(_result!);
        }
        else
        {
            _done.TrySetException(Failure);
        }
    }

    public override void Failed(Exception exception) => _done.TrySetException(Failure ?? exception);
}
