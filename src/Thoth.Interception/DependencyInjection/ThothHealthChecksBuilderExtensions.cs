using Microsoft.Extensions.Diagnostics.HealthChecks;
using Thoth.Interception;
using Thoth.Interception.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Thoth to an application's health checks.</summary>
public static class ThothHealthChecksBuilderExtensions
{
    /// <summary>Adds a check of the enforcer and the event queues. It reports what past calls have shown and sends no probes.</summary>
    /// <param name="builder">The health checks of an application that also calls <c>AddThoth</c>.</param>
    /// <param name="name">The check's name. Default: <c>thoth</c>.</param>
    /// <param name="failureStatus">The status to report for a failure. Default: <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to filter checks by. Default: none.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="name"/> is <see langword="null"/>.</exception>
    /// <remarks>
    /// It fails if at least the last three calls, the newest within a minute, did not reach the enforcer, or if an outbox cannot be
    /// written. It is degraded if an event queue is 80 % full, or if the enforcer is unreachable and
    /// <see cref="ThothOptions.FailOpen"/> lets tools run.
    /// </remarks>
    /// <example>
    /// <code>
    /// builder.Services.AddHealthChecks().AddThoth(tags: ["ready"]);
    /// </code>
    /// </example>
    public static IHealthChecksBuilder AddThoth(
        this IHealthChecksBuilder builder, string name = "thoth", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<ThothHealthCheck>(name, failureStatus, tags ?? []);
    }
}
