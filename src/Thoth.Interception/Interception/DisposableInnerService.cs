namespace Thoth.Interception;

/// <summary>Holds a service that is disposable in one way or both; the container disposes the holder and so the service.</summary>
internal class DisposableInnerService : InnerService, IDisposable, IAsyncDisposable
{
    public DisposableInnerService(object service)
        : base(service)
    {
    }

    protected DisposableInnerService(Func<object?[], object> make, object?[] arguments)
        : base(make, arguments)
    {
    }

    public void Dispose()
    {
        if (Service is not IDisposable disposable)
        {
            // What the container says of the service itself.
            throw new InvalidOperationException(
                $"'{Service.GetType()}' type only implements IAsyncDisposable. Use DisposeAsync to dispose the container.");
        }

        disposable.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        if (Service is IAsyncDisposable disposable)
        {
            return disposable.DisposeAsync();
        }

        Dispose();
        return ValueTask.CompletedTask;
    }
}
