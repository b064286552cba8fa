namespace Thoth.Interception.AI.Tests.Attacks;

/// <summary>Where the model reads an injection.</summary>
internal enum Place
{
    Document = 0,
    OrderNote,
    WebPage,
    ToolDescription,

    /// <summary>A note that the agent saved in another conversation.</summary>
    SavedNote,

    /// <summary>The model itself is the attacker.</summary>
    Model,
}
