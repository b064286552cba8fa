using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Thoth.Interception;
using Thoth.Interception.AgentFramework;
using Thoth.Interception.AgentFramework.Agents;
using Thoth.Interception.AI;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds governance to agents.</summary>
public static class ThothAgentBuilderExtensions
{
    /// <summary>
    /// Decides each function that the agent invokes, in a session for each <see cref="AgentSession"/>. If the agent's chat client was built with
    /// <c>UseThoth</c>, held calls are surfaced as approval requests; otherwise its function loop is governed as it is, and the model is
    /// told of held calls.
    /// </summary>
    /// <param name="builder">The builder of the agent.</param>
    /// <param name="configure">Configures users and sessions.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// Thrown by <see cref="AIAgentBuilder.Build"/>: its service provider has no <c>AddThoth</c>; the agent has no chat client with a function
    /// loop; or the framework would take approval requests away and approve them itself, unless
    /// <see cref="ChatClientAgentOptions.DisableApprovalNotRequiredFunctionBypassing"/> is set.
    /// </exception>
    /// <example>
    /// <code>
    /// AIAgent agent = model.AsBuilder().UseThoth()
    ///     .BuildAIAgent(new ChatClientAgentOptions { Name = "support", DisableApprovalNotRequiredFunctionBypassing = true }, services: provider)
    ///     .AsBuilder().UseThoth().Build(provider);
    /// </code>
    /// </example>
    public static AIAgentBuilder UseThoth(this AIAgentBuilder builder, Action<ThothAgentOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use((inner, services) =>
        {
            var sessions = services.GetService<IThothSessions>() ?? throw new InvalidOperationException(
                "UseThoth needs the services of AddThoth. Call services.AddThoth(), and pass the service provider to AIAgentBuilder.Build.");
            var client = inner.GetService<IChatClient>();
            if (client?.GetService<FunctionInvokingChatClient>() is not { } loop)
            {
                throw new InvalidOperationException(
                    "The agent has no chat client with a function loop, so UseThoth cannot see the functions that it invokes. Use it on the agents that invoke them.");
            }

            loop.GovernInvocations(services);
            if (client.GetService<ThothChatClientOptions>() is { WhenHeld: HeldFunctionMode.Ask }
                && inner.GetService<ChatClientAgentOptions>() is not null and { UseProvidedChatClientAsIs: false, DisableApprovalNotRequiredFunctionBypassing: false })
            {
                throw new InvalidOperationException(
                    "The framework would take the approval requests of this agent away and approve them itself in the next run. Set ChatClientAgentOptions.DisableApprovalNotRequiredFunctionBypassing = true, or set HeldFunctionMode.Tell in UseThoth of the chat client.");
            }

            var options = new ThothAgentOptions();
            configure?.Invoke(options);
            return new GovernedAgent(inner, new AgentSessions(sessions, options));
        });
    }
}
