using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Thoth.Interception;
using Thoth.Interception.AI;
using Thoth.Interception.AI.Chat;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Governs function loops that exist already.</summary>
public static class GovernedInvocationExtensions
{
    /// <summary>
    /// Makes an existing function loop decide each call, by its <see cref="FunctionInvokingChatClient.FunctionInvoker"/>. The model is told of a
    /// held call; only a client with <c>UseThoth</c> can ask. Use <c>UseThoth</c> if you build the client.
    /// </summary>
    /// <param name="client">The loop. An invoker that it has runs after the decision.</param>
    /// <param name="services">The service provider with <c>AddThoth</c>.</param>
    /// <param name="configure">Configures how functions are described.</param>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="services"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The loop is of a derived class, which may ignore its invoker; or another loop is below it.
    /// </exception>
    public static void GovernInvocations(this FunctionInvokingChatClient client, IServiceProvider services, Action<ThothChatClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(services);
        if (client.IsGoverned())
        {
            return;
        }

        if (client.GetType() != typeof(FunctionInvokingChatClient))
        {
            throw new InvalidOperationException(
                $"The function loop '{client.GetType()}' may run functions without its FunctionInvoker. Build the chat client with UseThoth instead.");
        }

        if (InnerClient(client).GetService<FunctionInvokingChatClient>() is not null)
        {
            throw new InvalidOperationException(
                "Another function loop below this one invokes functions without a decision. Remove one of the two UseFunctionInvocation.");
        }

        var options = new ThothChatClientOptions();
        configure?.Invoke(options);
        var logger = services.GetService<ILoggerFactory>()?.CreateLogger(typeof(GovernedInvoker)) ?? NullLogger.Instance;
        var decider = new FunctionDecider(services.GetRequiredService<IToolGovernor>(), services.GetRequiredService<IThothHolds>(), options, logger);
        client.FunctionInvoker = new GovernedInvoker(decider, services.GetRequiredService<IThothSessions>(), client.FunctionInvoker).InvokeAsync;
    }

    /// <summary>Tells whether a chat client decides each function that it invokes, at this moment: an invoker can be replaced.</summary>
    /// <param name="client">The chat client.</param>
    /// <returns><see langword="true"/> if it does; <see langword="false"/> if it does not, or invokes no functions.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> is <see langword="null"/>.</exception>
    public static bool IsGoverned(this IChatClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.GetService<FunctionInvokingChatClient>() is { } loop && (loop is GovernedChatClient || loop.FunctionInvoker?.Target is GovernedInvoker);
    }

    /// <summary>Gets what is below a client, which only derived classes may ask for. The member is part of the stable API of the package.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerClient")]
    private static extern IChatClient InnerClient(DelegatingChatClient client);
}
