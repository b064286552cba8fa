namespace Thoth.Interception.Interception;

/// <summary>Holds a service that is disposable in one way or both. The container disposes the holder and thereby the service.</summary>
internal class DisposableTargetHolder(object service) : TargetHolder(service), IDisposable, IAsyncDisposable
{
    public void Dispose() => ServiceDisposal.Dispose(Service);

    public ValueTask DisposeAsync() => ServiceDisposal.DisposeAsync(Service);
}
