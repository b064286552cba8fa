using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Thoth.Interception;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Engine;
using Thoth.Interception.LocalPolicy.Reload;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the embedded enforcer and the approver of the calls that it holds.</summary>
public static class LocalPolicyBuilderExtensions
{
    /// <summary>Uses an enforcer that evaluates a JSON policy file in this process, without any network.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">
    /// The policy file, for <see cref="LocalPolicyOptions.Path"/>. A relative path is looked up in
    /// <see cref="AppContext.BaseDirectory"/>, the folder of files that are copied to the output, and, if the file is not there, in
    /// the current directory. In the Development environment the host's content root comes first: under <c>dotnet run</c> the
    /// project's own file is used and watched.
    /// </param>
    /// <param name="configure">Sets further options: how the file is watched and how calls are held.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="path"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is blank.</exception>
    /// <remarks>
    /// The options are validated and the policy is loaded when the host starts, or else when the first governed service is
    /// resolved. An option out of range is an <see cref="OptionsValidationException"/>, and a missing or broken file is a
    /// <see cref="PolicyLoadException"/>; no call runs then. As with
    /// <see cref="ThothBuilderExtensions.UseEnforcer{TEnforcer}(IThothBuilder)"/>, the last enforcer chosen is the one that is used.
    /// Options of several calls add up, and the last value of each counts.
    /// </remarks>
    /// <example>
    /// <code>
    /// builder.Services.AddThoth(options => (options.TenantId, options.AgentId) = ("acme", "support-agent"))
    ///     .UseLocalPolicy("thoth.policy.json", policy => policy.HoldLifetime = TimeSpan.FromMinutes(10))
    ///     .AddGovernedTools&lt;IDocumentTools&gt;();
    /// </code>
    /// </example>
    public static IThothBuilder UseLocalPolicy(
        this IThothBuilder builder, string path, Action<LocalPolicyOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return builder.UseLocalPolicy(options =>
        {
            options.Path = path;
            configure?.Invoke(options);
        });
    }

    /// <summary>Uses an enforcer that evaluates a JSON policy in this process, with options that are set in code.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">
    /// Sets the options; either <see cref="LocalPolicyOptions.Path"/> or <see cref="LocalPolicyOptions.Json"/> is required.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="configure"/> is <see langword="null"/>.</exception>
    /// <remarks>The remarks of <see cref="UseLocalPolicy(IThothBuilder, string, Action{LocalPolicyOptions})"/> apply.</remarks>
    /// <example>
    /// <code>
    /// services.AddThoth().UseLocalPolicy(policy => policy.Json = """
    ///     { "rules": [{ "id": "read", "tools": "read_*", "decision": "allow" }] }
    ///     """);
    /// </code>
    /// </example>
    public static IThothBuilder UseLocalPolicy(this IThothBuilder builder, Action<LocalPolicyOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        AddOptions(builder).Configure(configure);
        return ReplaceEnforcer(builder);
    }

    /// <summary>Uses an enforcer that evaluates a JSON policy in this process, with options from configuration.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configuration">
    /// The application's configuration, its <c>Thoth</c> section, or the section <see cref="LocalPolicyOptions.SectionName"/>
    /// itself. An unknown key is an error at startup.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="configuration"/> is <see langword="null"/>.</exception>
    /// <remarks>The remarks of <see cref="UseLocalPolicy(IThothBuilder, string, Action{LocalPolicyOptions})"/> apply.</remarks>
    /// <example>
    /// <code>
    /// // { "Thoth": { "TenantId": "acme", "AgentId": "support-agent", "LocalPolicy": { "Path": "thoth.policy.json" } } }
    /// builder.Services.AddThoth(builder.Configuration).UseLocalPolicy(builder.Configuration);
    /// </code>
    /// </example>
    [RequiresUnreferencedCode(Trimming.NotSupported), RequiresDynamicCode(Trimming.NotSupported)]
    public static IThothBuilder UseLocalPolicy(this IThothBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configuration);
        AddOptions(builder).BindSection(configuration, LocalPolicyOptions.SectionName);
        return ReplaceEnforcer(builder);
    }

    /// <summary>Sends held calls to an approver that the container creates. The last approver chosen is the one that is used.</summary>
    /// <typeparam name="TApprover">The approver's type; a singleton.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <example><code>services.AddThoth().UseLocalPolicy("thoth.policy.json").UseApprover&lt;TerminalApprover&gt;();</code></example>
    public static IThothBuilder UseApprover<TApprover>(this IThothBuilder builder)
        where TApprover : class, IApprover
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<IApprover, TApprover>());
        return builder;
    }

    /// <summary>
    /// Sends held calls to this approver. The last approver chosen is the one that is used. The container does not dispose it.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="approver">The approver.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="approver"/> is <see langword="null"/>.</exception>
    /// <example><code>services.AddThoth().UseLocalPolicy("thoth.policy.json").UseApprover(new TerminalApprover());</code></example>
    public static IThothBuilder UseApprover(this IThothBuilder builder, IApprover approver)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(approver);
        builder.Services.Replace(ServiceDescriptor.Singleton(approver));
        return builder;
    }

    /// <summary>
    /// Sends held calls to an approver that a factory creates once. The last approver chosen is the one that is used. The container
    /// disposes it.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="factory">Creates the approver from the services.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="factory"/> is <see langword="null"/>.</exception>
    /// <example>
    /// <code>
    /// services.AddThoth().UseLocalPolicy("thoth.policy.json")
    ///     .UseApprover(provider => new ChatApprover(provider.GetRequiredService&lt;ChatClient&gt;(), "#approvals"));
    /// </code>
    /// </example>
    public static IThothBuilder UseApprover(this IThothBuilder builder, Func<IServiceProvider, IApprover> factory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(factory);
        builder.Services.Replace(ServiceDescriptor.Singleton(factory));
        return builder;
    }

    private static OptionsBuilder<LocalPolicyOptions> AddOptions(IThothBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LocalPolicyOptions>, LocalPolicyOptionsRanges>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LocalPolicyOptions>, LocalPolicyOptionsValidator>());

        // Validated when it is created, which the host does at start. Options of a replaced one do not matter.
        return builder.Services.AddOptions<LocalPolicyOptions>();
    }

    private static IThothBuilder ReplaceEnforcer(IThothBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.Replace(ServiceDescriptor.Singleton<IEnforcer>(static services =>
        {
            var options = services.GetRequiredService<IOptions<LocalPolicyOptions>>().Value;
            return new LocalPolicyEnforcer(
                IPolicySource.Of(options, services.GetService<IHostEnvironment>() is { } host && host.IsDevelopment() ? host.ContentRootPath : null),
                services.GetService<IApprover>(),
                options,
                services.GetRequiredService<TimeProvider>(),
                services.GetService<ILogger<LocalPolicyEnforcer>>() ?? NullLogger<LocalPolicyEnforcer>.Instance,
                services.GetRequiredService<IOptions<ThothOptions>>().Value.StepUp.Timeout);
        }));
        return builder;
    }
}
