using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Thoth.Interception.AspNetCore.Callers;

/// <summary>
/// Derives the id of a conversation's session: an HMAC of user and name, so that each user has conversations of their own, on every
/// machine with the same key.
/// </summary>
internal sealed class SessionIds
{
    private static readonly byte[] s_purpose = "Thoth.Interception.AspNetCore session id v1"u8.ToArray();

    private readonly byte[] _key;

    public SessionIds(IOptions<ThothOptions> thoth, IOptions<ThothAspNetCoreOptions> options)
    {
        var (source, secret) = options.Value.SessionIdKey is { } key ? ("key", key)
            : thoth.Value.ApiKey is { } apiKey ? ("api key", apiKey)
            : ("tenant", thoth.Value.TenantId);
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes($"{source}:{secret}"), HMACSHA256.HashSizeInBytes, info: s_purpose);
    }

    /// <param name="user">The user's id.</param>
    /// <param name="conversation">The conversation's name, which is valid Unicode.</param>
    public string Of(string user, string conversation)
    {
        // The length of the user's id comes first: no two pairs have the same bytes.
        var userLength = Encoding.UTF8.GetByteCount(user);
        var message = new byte[sizeof(int) + userLength + Encoding.UTF8.GetByteCount(conversation)];
        BinaryPrimitives.WriteInt32BigEndian(message, userLength);
        Encoding.UTF8.GetBytes(user, message.AsSpan(sizeof(int)));
        Encoding.UTF8.GetBytes(conversation, message.AsSpan(sizeof(int) + userLength));
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, message, hash);
        return Convert.ToHexStringLower(hash);
    }
}
