using Microsoft.Extensions.Diagnostics.HealthChecks;
using Thoth.Interception;
using Thoth.Interception.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Thoth to an application's health checks.</summary>
public static class ThothHealthChecksBuilderExtensions
{
    /// <summary>
    /// Checks what governed calls have shown; it asks nobody and sends nothing. It fails where the last three checks or more, the
    /// newest within a minute, did not reach the enforcer, or where an outbox cannot be written. It is degraded where an event
    /// queue is 80 % full, or where the enforcer is lost and <see cref="ThothOptions.FailOpen"/> lets tools run.
    /// </summary>
    /// <param name="builder">The health checks of an application that also calls <c>AddThoth</c>.</param>
    /// <param name="name">The check's name. Default <c>thoth</c>.</param>
    /// <param name="failureStatus">What failing is reported as. Default <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to choose checks by.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddThoth(
        this IHealthChecksBuilder builder, string name = "thoth", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<ThothHealthCheck>(name, failureStatus, tags ?? []);
    }
}
