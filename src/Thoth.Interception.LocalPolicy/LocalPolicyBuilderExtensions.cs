using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Thoth.Interception;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Reload;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Chooses the embedded enforcer and who approves the calls that it holds.</summary>
public static class LocalPolicyBuilderExtensions
{
    /// <summary>
    /// Decides about calls by a JSON policy in this process, without any network. The file is loaded when the enforcer is
    /// first needed; a missing or broken one is a <see cref="PolicyLoadException"/> then and never a permission. Like
    /// <see cref="ThothBuilderExtensions.UseEnforcer{TEnforcer}"/>: the last enforcer chosen is the one that is asked.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">
    /// The policy file. A relative path is looked up in <see cref="AppContext.BaseDirectory"/>, where files copied to the
    /// output are, and else in the current directory.
    /// </param>
    /// <param name="configure">Changes how the file is watched and how calls are held.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static IThothBuilder UseLocalPolicy(
        this IThothBuilder builder, string path, Action<LocalPolicyOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var options = new LocalPolicyOptions();
        configure?.Invoke(options);
        options.Validate();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.Replace(ServiceDescriptor.Singleton<IEnforcer>(services => new LocalPolicyEnforcer(
            new PolicyFile(path),
            services.GetService<IApprover>(),
            options,
            services.GetRequiredService<TimeProvider>(),
            services.GetService<ILogger<LocalPolicyEnforcer>>() ?? NullLogger<LocalPolicyEnforcer>.Instance)));
        return builder;
    }

    /// <summary>Asks an approver that the container makes about held calls; the last one chosen is the one that is asked.</summary>
    /// <typeparam name="TApprover">The approver's type; a singleton.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static IThothBuilder UseApprover<TApprover>(this IThothBuilder builder)
        where TApprover : class, IApprover
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<IApprover, TApprover>());
        return builder;
    }

    /// <summary>Asks this approver about held calls; the last one chosen is the one that is asked. The container does not dispose it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="approver">The approver.</param>
    /// <returns>The same builder.</returns>
    public static IThothBuilder UseApprover(this IThothBuilder builder, IApprover approver)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(approver);
        builder.Services.Replace(ServiceDescriptor.Singleton(approver));
        return builder;
    }
}
