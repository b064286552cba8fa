using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Thoth.Interception;
using Thoth.Interception.AspNetCore;
using Thoth.Interception.AspNetCore.Callers;
using Thoth.Interception.AspNetCore.DependencyInjection;
using Thoth.Interception.AspNetCore.Holds;
using Thoth.Interception.AspNetCore.Hubs;
using Thoth.Interception.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds sessions of web requests.</summary>
public static class AspNetCoreBuilderExtensions
{
    /// <summary>
    /// Adds the services of <c>app.UseThoth()</c>, by which each request enters the session of its user and conversation. Calling it again
    /// only adds to the options.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options. It overrides the section <see cref="ThothAspNetCoreOptions.SectionName"/> of the host's configuration.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <remarks>
    /// Three defaults of <see cref="ThothOptions"/> change. <see cref="ThothOptions.RequireSession"/> is on: a governed call outside of a
    /// request is refused unless it enters a session, as hosted services do with <see cref="IThothSessions.GetOrStart"/>.
    /// <see cref="StepUpOptions.Mode"/> is <see cref="StepUpMode.Throw"/>: a request does not wait for an approval.
    /// <see cref="ThothOptions.Environment"/> is the host's, with <c>prod</c> for <c>Production</c>.
    /// </remarks>
    /// <example>
    /// <code>
    /// builder.Services.AddThoth(builder.Configuration).AddAspNetCore().AddGovernedTools&lt;IRefundTools&gt;();
    /// builder.Services.AddThothProblemDetails();
    /// </code>
    /// </example>
    public static IThothBuilder AddAspNetCore(this IThothBuilder builder, Action<ThothAspNetCoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (!services.Any(static descriptor => descriptor.ServiceType == typeof(SessionIds)))
        {
            AddServices(services);
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        return builder;
    }

    private static void AddServices(IServiceCollection services)
    {
        // Both go first: what an application configures wins, wherever it is registered.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<ThothOptions>, WebDefaults>());
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<ThothAspNetCoreOptions>, AspNetCoreOptionsSetup>());
        services.AddKeyedSingleton(PackageSection.BoundElsewhere, ConfigurationPath.GetSectionKey(ThothAspNetCoreOptions.SectionName)!);
        services.AddOptions<ThothAspNetCoreOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ThothAspNetCoreOptions>, AspNetCoreOptionsValidator>());
        services.AddSingleton<SessionIds>();
        services.AddSingleton<CallerReader>();
        services.AddSingleton<CallerHolds>();

        // Without SignalR the options are never read.
        services.AddSingleton<SessionHubFilter>();
        services.Configure<HubOptions>(static options => options.AddFilter<SessionHubFilter>());
    }
}
