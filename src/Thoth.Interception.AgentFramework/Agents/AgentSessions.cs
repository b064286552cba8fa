using Microsoft.Agents.AI;

namespace Thoth.Interception.AgentFramework.Agents;

/// <summary>
/// Finds the session of an agent's run. Its id is kept in the state of the <see cref="AgentSession"/>, so that a conversation that was
/// serialized continues with its history and its held calls.
/// </summary>
internal sealed class AgentSessions(IThothSessions sessions, ThothAgentOptions options)
{
    private const string StateKey = "thoth.session";

    /// <summary>Gets the session to enter; <see langword="null"/> if the run stays in the caller's.</summary>
    public ThothSession? Find(AIAgent agent, AgentSession? session)
    {
        if (options.Session?.Invoke(session) is { } chosen)
        {
            return chosen;
        }

        if (sessions.IsEntered || session is null)
        {
            return null;
        }

        if (!session.StateBag.TryGetValue<string>(StateKey, out var id) || string.IsNullOrWhiteSpace(id))
        {
            id = Guid.NewGuid().ToString();
            session.StateBag.SetValue(StateKey, id);
        }

        // Without a name or an id of its own an agent has a random one, which another instance for the same conversation does not share.
        var agentId = agent.Name ?? agent.GetService<ChatClientAgentOptions>()?.Id;
        return sessions.GetOrStart(id, new ThothSessionOptions { AgentId = agentId, UserId = options.UserId?.Invoke(session) });
    }
}
