using Microsoft.SemanticKernel;
using Thoth.Interception;
using Thoth.Interception.SemanticKernel;
using Thoth.Interception.SemanticKernel.Filters;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds governance to kernels.</summary>
public static class ThothKernelBuilderExtensions
{
    /// <summary>
    /// Decides each function of the kernel, for a model and for your own code. A refusal of a call that a model made is text that the model reads; a call of your
    /// own code throws. Functions that a chat client invokes as <c>AIFunction</c>s pass no filter: use <c>UseThoth</c> on that client.
    /// </summary>
    /// <param name="builder">The kernel builder.</param>
    /// <param name="services">
    /// The service provider with <c>AddThoth</c>. Default: the kernel's own services, for a kernel in the application's service collection.
    /// </param>
    /// <param name="configure">Configures which functions are decided, and how they are described.</param>
    /// <returns>The same builder. A second call changes nothing.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The service provider has no <c>AddThoth</c>; thrown when the kernel is first used if <paramref name="services"/> is left out.</exception>
    /// <example>
    /// <code>
    /// var kernel = Kernel.CreateBuilder().AddThoth(provider).Build();
    /// </code>
    /// </example>
    public static IKernelBuilder AddThoth(this IKernelBuilder builder, IServiceProvider? services = null, Action<ThothKernelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.Any(static service => service.ImplementationType == typeof(ModelCall)))
        {
            return builder;
        }

        var options = new ThothKernelOptions();
        configure?.Invoke(options);
        if (services is not null)
        {
            _ = GovernorOf(services);
        }

        builder.Services.AddSingleton<IFunctionInvocationFilter>(provider => new KernelFunctionFilter(GovernorOf(services ?? provider), options));
        builder.Services.AddSingleton<IAutoFunctionInvocationFilter, ModelCall>();
        return builder;
    }

    private static IToolGovernor GovernorOf(IServiceProvider services) => services.GetService<IToolGovernor>() ?? throw new InvalidOperationException(
        "AddThoth on a kernel needs the services of AddThoth. Call services.AddThoth(), and pass the service provider.");
}
