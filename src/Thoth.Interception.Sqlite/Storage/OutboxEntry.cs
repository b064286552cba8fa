namespace Thoth.Interception.Sqlite.Storage;

/// <summary>What is written down about one event.</summary>
/// <param name="EventId">Its id, which no two events share.</param>
/// <param name="SessionId">The session, in which order matters.</param>
/// <param name="AttestationId">The call that it is about; empty where it is about none.</param>
/// <param name="Phase">One of <see cref="OutboxPhase"/>.</param>
/// <param name="Json">The event as it will be posted.</param>
internal sealed record OutboxEntry(string EventId, string SessionId, string AttestationId, string Phase, ReadOnlyMemory<byte> Json);
