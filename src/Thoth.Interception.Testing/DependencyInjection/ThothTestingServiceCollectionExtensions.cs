using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Thoth.Interception;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Interception;
using Thoth.Interception.Testing;
using Thoth.Interception.Testing.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Prepares a governed application for its tests.</summary>
public static class ThothTestingServiceCollectionExtensions
{
    /// <summary>
    /// Replaces the enforcer and every event sink of the application by a <see cref="TestEnforcer"/>, and governs the tools that were
    /// registered after <c>AddGovernedTools</c>, such as fakes.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <returns>The enforcer, which <c>GetRequiredService&lt;TestEnforcer&gt;()</c> gives as well. Calling it again gives the same one.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    /// <remarks>
    /// <para>
    /// It may stand before or after <c>AddThoth</c> and the choice of an enforcer. Call it after the last registration of a fake, again
    /// if need be: a tool that is registered later is not governed, and the coverage check finds it.
    /// </para>
    /// <para>
    /// Nothing is sent, and neither a policy file nor an outbox is opened. <c>THOTH_*</c> environment variables are not read, except the
    /// log level. A tenant and an agent that the application does not set get names. An application in observe mode is tested in block
    /// mode. Its other options stay.
    /// </para>
    /// </remarks>
    /// <example>
    /// <code>
    /// builder.ConfigureTestServices(services =>
    /// {
    ///     services.AddScoped&lt;IRefundTools, FakeRefundTools&gt;();
    ///     services.AddThothTesting();
    /// });
    /// </code>
    /// </example>
    public static TestEnforcer AddThothTesting(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddThoth();
        var enforcer = services.FirstOrDefault(static descriptor => descriptor.ServiceType == typeof(TestEnforcer))?.ImplementationInstance as TestEnforcer;
        if (enforcer is null)
        {
            enforcer = new TestEnforcer();
            services.AddSingleton(enforcer);
            services.AddSingleton(new TestReplacement(enforcer, enforcer.CreateQueue));
            services.AddSingleton<IPostConfigureOptions<ThothOptions>, TestOptionsSetup>();
            services.Replace(ServiceDescriptor.Singleton(new ThothEnvironment(
                static name => name.EndsWith("LOG_LEVEL", StringComparison.Ordinal) ? Environment.GetEnvironmentVariable(name) : null)));
        }

        services.Replace(ServiceDescriptor.Singleton<IEnforcer>(enforcer));
        GovernedServices.In(services).GovernLater(services);
        return enforcer;
    }
}
