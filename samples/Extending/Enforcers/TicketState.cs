namespace Extending.Enforcers;

internal enum TicketState
{
    Denied,
    Open,
    Approved,
}
