namespace QuickStart;

/// <summary>What the agent got to see of one call: the tool's result in short, or the message of the exception.</summary>
internal sealed record Turn(string Answer);
