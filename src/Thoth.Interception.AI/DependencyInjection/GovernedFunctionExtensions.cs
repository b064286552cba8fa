using Microsoft.Extensions.AI;
using Thoth.Interception;
using Thoth.Interception.AI.Functions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes functions for models that are governed.</summary>
public static class GovernedFunctionExtensions
{
    /// <summary>
    /// Makes a function of each tool of a governed interface, named as policies name it, with the descriptions of the interface. Overloads
    /// of one tool get a number, because a model needs one name for each.
    /// </summary>
    /// <typeparam name="TTools">The governed interface.</typeparam>
    /// <param name="services">
    /// The service provider, of which the functions use the interface. For a scoped service pass the provider of a scope, and use the
    /// functions within it.
    /// </param>
    /// <returns>The functions, in the order of the catalogue.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException"><typeparamref name="TTools"/> is not governed.</exception>
    /// <example>
    /// <code>
    /// var options = new ChatOptions { Tools = [.. provider.GetGovernedFunctions&lt;IOrderTools&gt;()] };
    /// </code>
    /// </example>
    public static IReadOnlyList<AIFunction> GetGovernedFunctions<TTools>(this IServiceProvider services)
        where TTools : class
    {
        ArgumentNullException.ThrowIfNull(services);
        var tools = services.GetService<IToolCatalog>()?.Tools
            .Where(static tool => tool.Interface == typeof(TTools) && tool.ServiceKey is null && !tool.Method.IsGenericMethodDefinition)
            .DistinctBy(static tool => tool.Method)
            .ToArray() ?? [];
        if (tools.Length == 0)
        {
            throw new InvalidOperationException(typeof(TTools).IsInterface
                ? $"The interface '{typeof(TTools)}' is not governed. Call services.AddThoth() and services.AddGovernedTools<{typeof(TTools).Name}>() first."
                : $"'{typeof(TTools)}' is a class. Name the governed interface that it implements.");
        }

        var target = services.GetRequiredService<TTools>();
        var count = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. tools.Select(tool => AIFunctionFactory.Create(tool.Method, target, new AIFunctionFactoryOptions { Name = NameOf(tool.Name) }))];

        string NameOf(string name)
        {
            var number = count[name] = count.GetValueOrDefault(name) + 1;
            return number == 1 ? name : $"{name}_{number}";
        }
    }

    /// <summary>
    /// Makes a function decide each of its calls, for a client that does not use <c>UseThoth</c>. A refusal is the function's result, which
    /// the model reads; a call that a person must approve waits for the model to be told so. In a client with <c>UseThoth</c> it is
    /// decided once.
    /// </summary>
    /// <param name="function">The function.</param>
    /// <param name="services">The service provider with <c>AddThoth</c>.</param>
    /// <param name="tool">How the enforcer sees it. Default: the tool of the governed interface whose method it calls, or else its own name.</param>
    /// <returns>The governed function; the same if it is governed already.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="function"/> or <paramref name="services"/> is <see langword="null"/>.</exception>
    public static AIFunction Governed(this AIFunction function, IServiceProvider services, ToolDescriptor? tool = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(services);
        return function.GetService<GovernedAIFunction>() is not null
            ? function
            : new GovernedAIFunction(function, services.GetRequiredService<IToolGovernor>(), tool);
    }
}
