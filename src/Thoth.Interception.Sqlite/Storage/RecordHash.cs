using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Thoth.Interception;

/// <summary>
/// The SHA-256 that chains records: over the sequence number, the time, and every other member with its length before it, so
/// that no two records share their bytes, and the hash of the record before.
/// </summary>
internal static class RecordHash
{
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>What the first record of a chain follows.</summary>
    public static byte[] None { get; } = new byte[Length];

    public static byte[] Of(long sequence, long created, OutboxEntry entry, ReadOnlySpan<byte> previous)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, sequence);
        Append(hash, created);
        Append(hash, entry.EventId);
        Append(hash, entry.SessionId);
        Append(hash, entry.AttestationId);
        Append(hash, entry.Phase);
        Append(hash, entry.Json.Span);
        Append(hash, previous);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, string text) => Append(hash, Encoding.UTF8.GetBytes(text));

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Append(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
