using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Thoth.Interception.Events.Queue;

namespace Thoth.Interception.Health;

/// <summary>Reports what past calls have shown. It sends nothing and waits for nothing.</summary>
internal sealed class ThothHealthCheck(EnforcerAvailability enforcer, EventPipeline events, IOptions<ThothOptions> options) : IHealthCheck
{
    private const double FillThreshold = 0.8;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var problems = new List<(HealthStatus Status, string Text)>();
        if (enforcer.IsLost)
        {
            problems.Add(options.Value.FailOpen
                ? (HealthStatus.Degraded, "the enforcer has been unreachable for the last calls, and tools run without a decision (FailOpen)")
                : (context.Registration.FailureStatus, "the enforcer has been unreachable for the last calls, and tools do not run"));
        }

        foreach (var queue in events.Queues)
        {
            if (!queue.IsWritable)
            {
                problems.Add((context.Registration.FailureStatus, $"events for {queue.Name} cannot be stored"));
            }

            if (queue.Fill >= FillThreshold)
            {
                problems.Add((HealthStatus.Degraded, $"the event queue of {queue.Name} is {queue.Fill:P0} full"));
            }
        }

        var data = new Dictionary<string, object> { ["waiting"] = events.Statistics.Waiting, ["dropped"] = events.Statistics.Dropped };
        return Task.FromResult(problems.Count == 0
            ? HealthCheckResult.Healthy(data: data)
            : new HealthCheckResult(problems.Min(static p => p.Status), $"Thoth: {string.Join("; ", problems.Select(static p => p.Text))}.", data: data));
    }
}
