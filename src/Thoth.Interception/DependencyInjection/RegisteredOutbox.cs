namespace Thoth.Interception.DependencyInjection;

/// <summary>Refers to the outbox of a service provider. The container does not dispose the outbox: the queue of its events does.</summary>
internal sealed class RegisteredOutbox(IEventOutbox outbox)
{
    public IEventOutbox Outbox { get; } = outbox;
}
