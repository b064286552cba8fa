using System.Security.Cryptography;

namespace Thoth.Interception.Serialization;

/// <summary>
/// Makes version 4 UUIDs. Random bytes are drawn for many at a time, because a governed call needs four and a system call for each is
/// expensive. The UUIDs are identifiers and never secrets.
/// </summary>
internal static class Uuid
{
    private const int Size = 16;
    private const int BatchBytes = 256 * Size;

    [ThreadStatic]
    private static byte[]? t_random;

    [ThreadStatic]
    private static int t_left;

    public static Guid New()
    {
        var random = t_random ??= new byte[BatchBytes];
        if (t_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            t_left = BatchBytes;
        }

        t_left -= Size;
        var bytes = random.AsSpan(t_left, Size);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
