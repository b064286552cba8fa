using Microsoft.SemanticKernel;
using Thoth.Interception;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes plugins of governed interfaces.</summary>
public static class GovernedPluginExtensions
{
    /// <summary>
    /// Makes a plugin of a governed interface: a function of each tool, with the descriptions of the interface. The model sees
    /// <c>plugin_tool</c>; policies and events name the tool as always.
    /// </summary>
    /// <typeparam name="TTools">The governed interface.</typeparam>
    /// <param name="services">The service provider, of which the functions use the interface.</param>
    /// <param name="pluginName">The plugin's name.</param>
    /// <returns>The plugin.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException"><typeparamref name="TTools"/> is not governed.</exception>
    /// <example>
    /// <code>
    /// kernelBuilder.Plugins.Add(provider.GetGovernedPlugin&lt;IOrderTools&gt;("orders"));
    /// </code>
    /// </example>
    public static KernelPlugin GetGovernedPlugin<TTools>(this IServiceProvider services, string pluginName)
        where TTools : class
    {
        ArgumentNullException.ThrowIfNull(services);
        var target = services.GetService<TTools>();
        return KernelPluginFactory.CreateFromFunctions(
            pluginName,
            services.GetGovernedFunctions<TTools>()
                .Select(function => KernelFunctionFactory.CreateFromMethod(function.UnderlyingMethod!, target, function.Name, function.Description)));
    }
}
