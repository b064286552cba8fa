namespace Extending.Enforcers;

/// <summary>The ticket system of <see cref="TicketEnforcer"/>.</summary>
internal interface ITickets
{
    /// <summary>Opens a ticket and returns its secret key.</summary>
    Task<string> OpenAsync(string toolName, ReadOnlyMemory<byte> arguments, CancellationToken cancellationToken);

    /// <summary>Gets the state of a ticket; <see langword="null"/> if there is none with the key.</summary>
    Task<TicketState?> FindAsync(string key, CancellationToken cancellationToken);
}
