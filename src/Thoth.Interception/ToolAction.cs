namespace Thoth.Interception;

/// <summary>What a tool does to the world, as its author declares it with <see cref="GovernedToolAttribute.Action"/>.</summary>
public enum ToolAction
{
    /// <summary>Nothing was declared.</summary>
    Unspecified = 0,

    /// <summary>Looks at data and changes nothing.</summary>
    Read,

    /// <summary>Creates or changes data.</summary>
    Write,

    /// <summary>Removes data.</summary>
    Delete,

    /// <summary>Runs something: a command, a payment, a message to somebody.</summary>
    Execute,
}
