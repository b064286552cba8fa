using Microsoft.Agents.AI;

namespace Thoth.Interception.AgentFramework;

/// <summary>Configures the governance of an agent.</summary>
public sealed class ThothAgentOptions
{
    /// <summary>
    /// Gets or sets the user on whose behalf a run acts, for sessions that the agent starts. Default: <see cref="ThothOptions.UserId"/>.
    /// </summary>
    public Func<AgentSession, string?>? UserId { get; set; }

    /// <summary>
    /// Gets or sets which session a run belongs to. <see langword="null"/>, or a result of <see langword="null"/>: the session that the
    /// caller has entered, or else one for each <see cref="AgentSession"/>, whose id is kept in its state.
    /// </summary>
    public Func<AgentSession?, ThothSession?>? Session { get; set; }
}
