namespace Thoth.Interception.Sqlite.Storage;

/// <summary>A call without an outcome.</summary>
/// <param name="AttestationId">The call.</param>
/// <param name="SessionId">Its session.</param>
/// <param name="Json">The last event that was written about it: the pre event, with the decision where there was one.</param>
internal sealed record OpenCall(string AttestationId, string SessionId, byte[] Json);
