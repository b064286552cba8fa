namespace ToolLoops.Servers;

/// <summary>Specifies who wrote a message.</summary>
internal enum ModelRole
{
    /// <summary>The application, before the conversation.</summary>
    System,

    /// <summary>The user.</summary>
    User,

    /// <summary>The model.</summary>
    Model,

    /// <summary>A tool: its result.</summary>
    Tool,
}
