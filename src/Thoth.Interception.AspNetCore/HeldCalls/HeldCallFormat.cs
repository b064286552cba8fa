using System.IO.Compression;
using System.Text;

namespace Thoth.Interception.AspNetCore.HeldCalls;

/// <summary>
/// Writes a held call as few bytes: those of a ticket must fit into a URL. They are compressed before they are encrypted. The length tells
/// an attacker nothing about the hold token, which is new for each call.
/// </summary>
internal static class HeldCallFormat
{
    private const byte Version = 1;

    public static byte[] Write(HeldCallEntry entry)
    {
        using var bytes = new MemoryStream();
        using (var compressed = new BrotliStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true))
        using (var writer = new BinaryWriter(compressed, Encoding.UTF8))
        {
            writer.Write(Version);
            writer.Write(entry.Id);
            writer.Write7BitEncodedInt(entry.Version);
            writer.Write((byte)entry.State);
            writer.Write(entry.ToolName);
            writer.Write(entry.Reason);
            writer.Write(entry.TenantId);
            writer.Write(entry.UserId);
            writer.Write(entry.SessionId);
            writer.Write(entry.ActionAttestationId);
            Write(writer, entry.ArgumentsHash.Span);
            writer.Write(entry.HeldAt.UtcTicks);
            writer.Write(entry.ExpiresAt.UtcTicks);
            writer.Write(entry.ClaimedUntil?.UtcTicks ?? 0);
            Write(writer, entry.Data.Span);
        }

        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="Write(HeldCallEntry)"/> wrote: bytes that are authentic.</summary>
    /// <returns><see langword="null"/> if another version of the package wrote them.</returns>
    public static HeldCallEntry? Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress), Encoding.UTF8);
        return reader.ReadByte() != Version ? null : new HeldCallEntry
        {
            Id = reader.ReadString(),
            Version = reader.Read7BitEncodedInt(),
            State = (HeldCallState)reader.ReadByte(),
            ToolName = reader.ReadString(),
            Reason = reader.ReadString(),
            TenantId = reader.ReadString(),
            UserId = reader.ReadString(),
            SessionId = reader.ReadString(),
            ActionAttestationId = reader.ReadString(),
            ArgumentsHash = ReadBytes(reader),
            HeldAt = new(reader.ReadInt64(), TimeSpan.Zero),
            ExpiresAt = new(reader.ReadInt64(), TimeSpan.Zero),
            ClaimedUntil = reader.ReadInt64() is > 0 and var ticks ? new(ticks, TimeSpan.Zero) : null,
            Data = ReadBytes(reader),
        };
    }

    private static void Write(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader) => reader.ReadBytes(reader.Read7BitEncodedInt());
}
