using Thoth.Interception;

namespace ToolLoops.Tools;

/// <summary>A tool as a model knows it: a name, a description, and a JSON schema of its arguments.</summary>
internal sealed record ShopTool(string Name, string Description, ToolAction Action, string Schema);
