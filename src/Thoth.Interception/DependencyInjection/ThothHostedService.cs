using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.DependencyInjection;

/// <summary>Reports mistakes when the host starts instead of at the first call, and delivers queued events when it stops.</summary>
internal sealed class ThothHostedService(
    IServiceProvider services, IEnumerable<IStartupCheck> checks, IEventPipeline events, IOptions<ThothOptions> options, TimeProvider time)
    : IHostedLifecycleService
{
    /// <summary>Runs the start-up checks before any hosted service starts, including those added before this one.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var check in checks)
        {
            check.ThrowIfFailed();
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Resolving the pipeline loads a policy and validates the options.
        _ = services.GetRequiredService<ToolCallPipeline>();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Delivers queued events for at most <see cref="EventOptions.DrainTimeout"/>. Disposal then drains the rest and counts the drops.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await events.FlushAsync(cancellationToken).WaitAsync(options.Value.Events.DrainTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // An event sink that is slow or down must not fail the host's stop.
        }
    }
}
