using System.Security.Cryptography;
using System.Text;

namespace Thoth.Interception.Serialization;

/// <summary>Makes a version 8 UUID of a text: the same text gives the same UUID in every process.</summary>
internal static class DerivedUuid
{
    public static Guid Of(string text)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
