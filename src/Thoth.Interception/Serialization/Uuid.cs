using System.Security.Cryptography;

namespace Thoth.Interception.Serialization;

/// <summary>
/// Version 4 UUIDs from random bytes that are drawn for many at a time: a governed call needs four, and asking the system for
/// each is dear. They tell things apart; no secret is made of them.
/// </summary>
internal static class Uuid
{
    private const int Size = 16;
    private const int Drawn = 256 * Size;

    [ThreadStatic]
    private static byte[]? t_random;

    [ThreadStatic]
    private static int t_left;

    public static Guid New()
    {
        var random = t_random ??= new byte[Drawn];
        if (t_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            t_left = Drawn;
        }

        t_left -= Size;
        var bytes = random.AsSpan(t_left, Size);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
