using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Thoth.Interception.Sqlite.Storage;

/// <summary>
/// Computes the SHA-256 that chains records. It covers the sequence number, the time, every other member with its length, so that
/// two different records never have the same bytes, and the hash of the record before.
/// </summary>
internal static class RecordHash
{
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>Gets the hash before the first record of a chain.</summary>
    public static byte[] None { get; } = new byte[Length];

    public static byte[] Of(long sequence, long created, OutboxEntry entry, ReadOnlySpan<byte> previous)
    {
        var bytes = new ArrayBufferWriter<byte>(512 + entry.Json.Length);
        Append(bytes, sequence);
        Append(bytes, created);
        Append(bytes, entry.EventId);
        Append(bytes, entry.SessionId);
        Append(bytes, entry.ActionAttestationId);
        Append(bytes, entry.Phase);
        Append(bytes, entry.Json.Span);
        Append(bytes, previous);
        return SHA256.HashData(bytes.WrittenSpan);
    }

    private static void Append(ArrayBufferWriter<byte> bytes, string text)
    {
        Append(bytes, (long)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, bytes);
    }

    private static void Append(ArrayBufferWriter<byte> bytes, ReadOnlySpan<byte> value)
    {
        Append(bytes, (long)value.Length);
        bytes.Write(value);
    }

    private static void Append(ArrayBufferWriter<byte> bytes, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes.GetSpan(sizeof(long)), number);
        bytes.Advance(sizeof(long));
    }
}
