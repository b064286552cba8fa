namespace Thoth.Interception.Sqlite.Storage;

/// <summary>A committed event that the API has not accepted yet.</summary>
internal sealed record WaitingEvent(long Sequence, string SessionId, byte[] Json);
