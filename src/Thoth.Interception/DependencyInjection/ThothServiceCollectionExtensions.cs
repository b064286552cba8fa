using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception;
using Thoth.Interception.Coverage;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Enforcement.Http;
using Thoth.Interception.Events;
using Thoth.Interception.Events.Http;
using Thoth.Interception.Health;
using Thoth.Interception.Http;
using Thoth.Interception.Interception;
using Thoth.Interception.Invocation;
using Thoth.Interception.Pipeline;
using Thoth.Interception.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts tool services under Thoth governance.</summary>
public static class ThothServiceCollectionExtensions
{
    /// <summary>Adds what governed tools need. Calling it again only adds to the configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; it wins over configuration and environment.</param>
    /// <returns>A builder to choose the enforcer and the event sinks with.</returns>
    public static IThothBuilder AddThoth(this IServiceCollection services, Action<ThothOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddThothCore();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        return new ThothBuilder(services);
    }

    /// <summary>Adds what governed tools need, with options from configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">
    /// The configuration, or its <c>Thoth</c> section: where the section exists in it, the section is used. An unknown key is
    /// an error at startup.
    /// </param>
    /// <returns>A builder to choose the enforcer and the event sinks with.</returns>
    public static IThothBuilder AddThoth(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddThothCore();
        var section = configuration.GetSection(ThothOptions.SectionName);
        services.AddSingleton(new ThothConfiguration(
            section.Exists() || configuration is not IConfigurationSection ? section : configuration));
        return new ThothBuilder(services);
    }

    /// <summary>
    /// Governs an interface of tools: every registration of it made so far, with or without a key, is decorated with a proxy,
    /// through which each call is asked of the enforcer before it runs. The service behind the proxy can no longer be resolved.
    /// Governing twice is governing once. Ways to reach the tools ungoverned are found when the application starts:
    /// <see cref="GovernedToolsOptions.Coverage"/>.
    /// </summary>
    /// <typeparam name="TTools">The interface.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets how the tools of this interface are governed.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">
    /// <typeparamref name="TTools"/> is not registered, is no interface, is registered as an open generic type as well, has a
    /// member that cannot be governed, or has a tool name that is taken. The message says which and what to do.
    /// </exception>
    public static IServiceCollection AddGovernedTools<TTools>(
        this IServiceCollection services, Action<GovernedToolsOptions>? configure = null)
        where TTools : class
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddThothCore();
        if (!Govern(services, typeof(TTools), ToolNaming.Method, configure))
        {
            throw new InvalidOperationException(
                $"'{typeof(TTools)}' cannot be governed: it is not registered; register its implementation before AddGovernedTools.");
        }

        return services;
    }

    /// <summary>Registers a tool service and governs it in one step.</summary>
    /// <typeparam name="TTools">The interface.</typeparam>
    /// <typeparam name="TImplementation">The implementation.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="lifetime">The service's lifetime. Default: scoped.</param>
    /// <param name="configure">Sets how the tools of this interface are governed.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="AddGovernedTools{TTools}"/>.</exception>
    public static IServiceCollection AddGovernedTools<TTools, TImplementation>(
        this IServiceCollection services, ServiceLifetime lifetime = ServiceLifetime.Scoped, Action<GovernedToolsOptions>? configure = null)
        where TTools : class
        where TImplementation : class, TTools
    {
        ArgumentNullException.ThrowIfNull(services);
        services.Add(new ServiceDescriptor(typeof(TTools), typeof(TImplementation), lifetime));
        return services.AddGovernedTools<TTools>(configure);
    }

    /// <summary>Governs every interface registered so far that is picked, for an existing application: <c>t => t.Name.EndsWith("Tools")</c>.</summary>
    /// <remarks>Tool names begin with the interface's name, <see cref="ToolNaming.InterfaceAndMethod"/>, unless the options say otherwise.</remarks>
    /// <param name="services">The services.</param>
    /// <param name="interfaces">Picks interfaces among the registered service types.</param>
    /// <param name="configure">Sets how the tools of each picked interface are governed.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">Nothing was picked, or as for <see cref="AddGovernedTools{TTools}"/>.</exception>
    public static IServiceCollection AddGovernedTools(
        this IServiceCollection services, Func<Type, bool> interfaces, Action<GovernedToolsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(interfaces);
        services.AddThothCore();
        var picked = services.Select(d => d.ServiceType).Distinct().Where(t => t.IsInterface && interfaces(t)).ToList();
        if (picked.Count == 0)
        {
            throw new InvalidOperationException(
                "No registered interface was picked to be governed: register the tools before AddGovernedTools, or change the predicate.");
        }

        foreach (var tools in picked)
        {
            Govern(services, tools, ToolNaming.InterfaceAndMethod, configure);
        }

        return services;
    }

    private static bool Govern(IServiceCollection services, Type tools, ToolNaming naming, Action<GovernedToolsOptions>? configure)
    {
        var options = new GovernedToolsOptions { Naming = naming };
        configure?.Invoke(options);
        CoverageRules.In(services).Add(tools, options);
        return GovernedServices.In(services).Govern(services, tools, options);
    }

    private sealed record ThothBuilder(IServiceCollection Services) : IThothBuilder;
}
