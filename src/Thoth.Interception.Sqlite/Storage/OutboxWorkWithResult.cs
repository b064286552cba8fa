namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Represents work with a result.</summary>
internal abstract class OutboxWorkWithResult<T> : OutboxWork
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Done => _done.Task;

    public override void Complete(OutboxStore store) => _done.TrySetResult(Result(store));

    public override void Fail(OutboxException exception) => _done.TrySetException(exception);

    protected abstract T Result(OutboxStore store);
}
