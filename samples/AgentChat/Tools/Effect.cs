namespace AgentChat.Tools;

/// <summary>Represents something that a tool did.</summary>
/// <param name="Tool">The tool, as policies name it.</param>
/// <param name="What">The effect in a few words.</param>
/// <param name="Arguments">The values that the tool ran with, by name.</param>
internal sealed record Effect(string Tool, string What, IReadOnlyDictionary<string, string> Arguments);
