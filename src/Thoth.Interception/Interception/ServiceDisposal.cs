using System.Diagnostics.CodeAnalysis;

namespace Thoth.Interception.Interception;

/// <summary>Disposes a service on behalf of the container, which disposed the proxy or the holder of the service.</summary>
internal static class ServiceDisposal
{
    /// <summary>Whether a type is disposable in either way.</summary>
    public static bool IsFor([NotNullWhen(true)] Type? implementation) =>
        typeof(IDisposable).IsAssignableFrom(implementation) || typeof(IAsyncDisposable).IsAssignableFrom(implementation);

    public static void Dispose(object service)
    {
        if (service is not IDisposable disposable)
        {
            // The container's message for such a service.
            throw new InvalidOperationException(
                $"'{service.GetType()}' type only implements IAsyncDisposable. Use DisposeAsync to dispose the container.");
        }

        disposable.Dispose();
    }

    public static ValueTask DisposeAsync(object service)
    {
        if (service is IAsyncDisposable disposable)
        {
            return disposable.DisposeAsync();
        }

        Dispose(service);
        return ValueTask.CompletedTask;
    }
}
