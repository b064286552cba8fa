namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Represents a call without an outcome.</summary>
/// <param name="AttestationId">The call's id.</param>
/// <param name="SessionId">The session's id.</param>
/// <param name="Json">The last record of the call: the pre event, with the decision if there was one.</param>
internal sealed record OpenCall(string AttestationId, string SessionId, byte[] Json);
