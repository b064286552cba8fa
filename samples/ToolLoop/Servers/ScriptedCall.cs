using System.Text.Json.Nodes;

namespace ToolLoops.Servers;

/// <summary>A call of a tool in a message of the model.</summary>
internal sealed record ScriptedCall(string Tool, JsonObject Arguments);
