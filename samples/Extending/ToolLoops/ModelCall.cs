namespace Extending.ToolLoops;

/// <summary>A tool call in the response of a model.</summary>
internal sealed record ModelCall(string Id, string Tool, ReadOnlyMemory<byte> Arguments);
