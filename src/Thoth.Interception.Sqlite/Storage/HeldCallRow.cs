namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Represents a stored held call.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its version.</param>
/// <param name="ExpiresAt">When its hold expires.</param>
/// <param name="ProtectedEntry">The call as it was encrypted.</param>
internal sealed record HeldCallRow(string Id, int Version, DateTimeOffset ExpiresAt, byte[] ProtectedEntry);
