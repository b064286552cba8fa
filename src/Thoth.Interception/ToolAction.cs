namespace Thoth.Interception;

/// <summary>Specifies what a tool does, as its author declares it with <see cref="GovernedToolAttribute.Action"/>.</summary>
public enum ToolAction
{
    /// <summary>Nothing is declared. The default.</summary>
    Unspecified = 0,

    /// <summary>The tool reads data and changes nothing.</summary>
    Read,

    /// <summary>The tool creates or changes data.</summary>
    Write,

    /// <summary>The tool deletes data.</summary>
    Delete,

    /// <summary>The tool runs something: a command, a payment, a message to a person.</summary>
    Execute,
}
