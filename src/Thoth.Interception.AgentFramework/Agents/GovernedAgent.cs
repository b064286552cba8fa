using System.Runtime.CompilerServices;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.AgentFramework.Agents;

/// <summary>Runs an agent in its session, and only while each function that it can invoke is decided.</summary>
internal sealed class GovernedAgent(AIAgent inner, AgentSessions sessions) : DelegatingAIAgent(inner)
{
    protected override async Task<AgentResponse> RunCoreAsync(
        IEnumerable<ChatMessage> messages, AgentSession? session = null, AgentRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        var governed = Governed(options);
        using var scope = sessions.Find(this, session)?.Enter();
        return await InnerAgent.RunAsync(messages, session, governed, cancellationToken).ConfigureAwait(false);
    }

    protected override async IAsyncEnumerable<AgentResponseUpdate> RunCoreStreamingAsync(
        IEnumerable<ChatMessage> messages, AgentSession? session = null, AgentRunOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var governed = Governed(options);
        var thoth = sessions.Find(this, session);
        await using var updates = InnerAgent.RunStreamingAsync(messages, session, governed, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            // What an iterator makes ambient ends with each element that it returns.
            using (thoth?.Enter())
            {
                if (!await updates.MoveNextAsync().ConfigureAwait(false))
                {
                    break;
                }
            }

            yield return updates.Current;
        }
    }

    /// <summary>Checks the agent's chat client, and makes the options check the one that they bring.</summary>
    /// <exception cref="InvalidOperationException">A client of the run invokes functions without a decision.</exception>
    private AgentRunOptions? Governed(AgentRunOptions? options)
    {
        ThrowUnlessGoverned(InnerAgent.GetService<IChatClient>());
        if (options is not ChatClientAgentRunOptions { ChatClientFactory: { } factory })
        {
            return options;
        }

        var copy = (ChatClientAgentRunOptions)options.Clone();
        copy.ChatClientFactory = client =>
        {
            var made = factory(client);
            ThrowUnlessGoverned(made);
            return made;
        };
        return copy;
    }

    private static void ThrowUnlessGoverned(IChatClient? client)
    {
        if (client?.IsGoverned() != true)
        {
            throw new InvalidOperationException(
                "The agent's chat client invokes functions without a decision. Its FunctionInvoker was replaced, or ChatClientFactory made another client. Build the client with UseThoth.");
        }
    }
}
