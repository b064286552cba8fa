using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Thoth.Interception.Coverage;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.DependencyInjection;

/// <summary>Makes a host fail at its start rather than at the first call, and leave no event behind at its stop.</summary>
internal sealed class ThothHostedService(
    IServiceProvider services, CoverageGuard coverage, IEventPipeline events, IOptions<ThothOptions> options, TimeProvider time)
    : IHostedLifecycleService
{
    /// <summary>Before any hosted service has started, also those that were added before this one.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        coverage.ThrowIfUngoverned();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Resolving is what loads a policy and checks the options.
        _ = services.GetRequiredService<ToolCallPipeline>();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What is not delivered by then has the time of disposing left, which counts what it cannot deliver.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await events.FlushAsync(cancellationToken).WaitAsync(options.Value.Events.DrainTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // Not the host's failure.
        }
    }
}
