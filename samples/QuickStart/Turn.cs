namespace QuickStart;

/// <summary>Represents the text that the agent got from one call: the tool's result in short, or the message of the exception.</summary>
internal sealed record Turn(string Result);
