using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Thoth.Interception;
using Thoth.Interception.Coverage;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Interception;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Thoth to an application and governs its tool services.</summary>
[RequiresUnreferencedCode(Trimming.NotSupported), RequiresDynamicCode(Trimming.NotSupported)]
public static class ThothServiceCollectionExtensions
{
    /// <summary>
    /// Adds the services that governed tools need. Calling it again only adds to the options.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options. It overrides configuration and environment variables.</param>
    /// <returns>A builder that chooses the enforcer and the event sinks.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    /// <remarks>
    /// The options are validated when the host starts, or else when the first governed service is resolved; a mistake is an
    /// <see cref="Options.OptionsValidationException"/> that says what to set.
    /// </remarks>
    /// <example>
    /// <code>
    /// builder.Services.AddScoped&lt;IDocumentTools, DocumentTools&gt;();
    /// builder.Services.AddThoth(options =>
    /// {
    ///     options.TenantId = "acme";
    ///     options.AgentId = "support-agent";
    /// }).UseLocalPolicy("thoth.policy.json").AddGovernedTools&lt;IDocumentTools&gt;();
    /// </code>
    /// </example>
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

    /// <summary>Adds the services that governed tools need, with options from configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">
    /// The application's configuration, or its <see cref="ThothOptions.SectionName"/> section. An unknown key is an error at
    /// startup. The sections <c>LocalPolicy</c> and <c>SqliteOutbox</c> in it belong to the packages of these names.
    /// </param>
    /// <returns>A builder that chooses the enforcer and the event sinks.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="configuration"/> is <see langword="null"/>.</exception>
    /// <example>
    /// <code>
    /// // { "Thoth": { "TenantId": "acme", "AgentId": "support-agent", "ApiUrl": "https://enforce.acme.example" } }
    /// builder.Services.AddThoth(builder.Configuration);
    /// </code>
    /// </example>
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
    /// Governs an interface of tools: every registration of it made so far, with or without a key, is decorated with a proxy that
    /// has the enforcer evaluate each call before it runs.
    /// </summary>
    /// <typeparam name="TTools">The interface.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets how the tools of this interface are governed.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// <typeparamref name="TTools"/> is not registered, is not an interface, is registered as an open generic type as well, has a
    /// member that cannot be governed, or has a tool name that is taken. The message says which and what to do.
    /// </exception>
    /// <remarks>
    /// The service behind the proxy can no longer be resolved. Governing an interface again changes nothing. It calls
    /// <see cref="AddThoth(IServiceCollection, Action{ThothOptions})"/> itself. Ways to reach the tools ungoverned are found when the
    /// application starts: <see cref="GovernedToolsOptions.Coverage"/>.
    /// </remarks>
    /// <example>
    /// <code>
    /// builder.Services.AddScoped&lt;IDocumentTools, DocumentTools&gt;();
    /// builder.Services.AddGovernedTools&lt;IDocumentTools&gt;(options => options.Arguments = ArgumentIsolation.Copy);
    /// </code>
    /// </example>
    public static IServiceCollection AddGovernedTools<TTools>(
        this IServiceCollection services, Action<GovernedToolsOptions>? configure = null)
        where TTools : class
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddThothCore();
        if (!Govern(services, typeof(TTools), ToolNaming.Method, configure))
        {
            throw new InvalidOperationException(
                $"'{typeof(TTools)}' is not registered. Register its implementation before AddGovernedTools.");
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
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The interface cannot be governed, as for <see cref="AddGovernedTools{TTools}(IServiceCollection, Action{GovernedToolsOptions})"/>.
    /// </exception>
    /// <example>
    /// <code>
    /// builder.Services.AddGovernedTools&lt;IDocumentTools, DocumentTools&gt;(ServiceLifetime.Singleton);
    /// </code>
    /// </example>
    public static IServiceCollection AddGovernedTools<TTools, TImplementation>(
        this IServiceCollection services, ServiceLifetime lifetime = ServiceLifetime.Scoped, Action<GovernedToolsOptions>? configure = null)
        where TTools : class
        where TImplementation : class, TTools
    {
        ArgumentNullException.ThrowIfNull(services);
        services.Add(new ServiceDescriptor(typeof(TTools), typeof(TImplementation), lifetime));
        return services.AddGovernedTools<TTools>(configure);
    }

    /// <summary>Governs every registered interface that a predicate selects, for an existing application.</summary>
    /// <remarks>
    /// Tool names begin with the interface's name, <see cref="ToolNaming.InterfaceAndMethod"/>, unless
    /// <see cref="GovernedToolsOptions.Naming"/> says otherwise.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="predicate">Selects interfaces among the service types that are registered so far.</param>
    /// <param name="configure">Sets how the tools of each selected interface are governed.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="predicate"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// Nothing was selected, or a selected interface cannot be governed, as for
    /// <see cref="AddGovernedTools{TTools}(IServiceCollection, Action{GovernedToolsOptions})"/>.
    /// </exception>
    /// <example>
    /// <code>
    /// builder.Services.AddGovernedTools(type => type.Name.EndsWith("Tools"));
    /// </code>
    /// </example>
    public static IServiceCollection AddGovernedTools(
        this IServiceCollection services, Func<Type, bool> predicate, Action<GovernedToolsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(predicate);
        services.AddThothCore();
        var selected = services.Select(d => d.ServiceType).Distinct().Where(t => t.IsInterface && predicate(t)).ToList();
        if (selected.Count == 0)
        {
            throw new InvalidOperationException(
                "The predicate matched no registered interface. Register the tools before AddGovernedTools, or change the predicate.");
        }

        foreach (var tools in selected)
        {
            Govern(services, tools, ToolNaming.InterfaceAndMethod, configure);
        }

        return services;
    }

    private static bool Govern(IServiceCollection services, Type tools, ToolNaming naming, Action<GovernedToolsOptions>? configure)
    {
        var governed = GovernedServices.In(services);

        // A later registration of an interface is governed under the names that its tools have already.
        var options = new GovernedToolsOptions { Naming = governed.NamingOf(tools) ?? naming };
        configure?.Invoke(options);
        var rules = CoverageRules.In(services);
        rules.Add(tools, options);
        var any = governed.Govern(services, tools, options);
        if (rules.AllowAny)
        {
            governed.Allow(services, type => rules.ReasonFor(type) is not null);
        }

        return any;
    }

    private sealed record ThothBuilder(IServiceCollection Services) : IThothBuilder;
}
