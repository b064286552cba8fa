using System.Diagnostics.CodeAnalysis;

namespace Thoth.Interception.Interception;

/// <summary>Disposes a service in the place of the container, which has disposed what stands before it.</summary>
internal static class ServiceDisposal
{
    public static bool IsFor([NotNullWhen(true)] Type? implementation) =>
        typeof(IDisposable).IsAssignableFrom(implementation) || typeof(IAsyncDisposable).IsAssignableFrom(implementation);

    public static void Dispose(object service)
    {
        if (service is not IDisposable disposable)
        {
            // What the container says of the service itself.
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
