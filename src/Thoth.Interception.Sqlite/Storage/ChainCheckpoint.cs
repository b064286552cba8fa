namespace Thoth.Interception.Sqlite.Storage;

/// <summary>A place in the chain: a record's sequence number and hash. 0 and zeros stand before the first record.</summary>
internal readonly record struct ChainCheckpoint(long Sequence, byte[] Hash);
