using Thoth.Interception.Pipeline;
using Thoth.Interception.Sessions;

namespace Thoth.Interception.Invocation;

/// <summary>Reads the running call from the flow's session scope.</summary>
internal sealed class CurrentToolCall(ThothSessions sessions) : ICurrentToolCall
{
    public RunningToolCall? Call => sessions.CurrentCall is ToolCall call ? new RunningToolCall(call) : null;
}
