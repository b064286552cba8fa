using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Thoth.Enforcer.Configuration;

namespace Thoth.Enforcer.Page.SignIn;

/// <summary>The token that a person signs in with: printed at startup, or configured.</summary>
internal sealed class PageToken
{
    private const int MinLength = 16;

    private readonly byte[] _hash;

    /// <exception cref="UsageException">The configured token is too short.</exception>
    public PageToken(string? configured)
    {
        if (configured?.Length < MinLength)
        {
            throw new UsageException($"THOTH_ENFORCER_PAGE_TOKEN is too easy to guess. Use at least {MinLength} characters, or remove the variable to have a token generated.");
        }

        IsConfigured = configured is not null;
        Text = configured ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        _hash = HashOf(Text);
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(_hash));
    }

    public bool IsConfigured { get; }

    public string Text { get; }

    /// <summary>Identifies the token in cookies: a new token makes older cookies invalid.</summary>
    public string Fingerprint { get; }

    /// <summary>Compares in constant time.</summary>
    public bool Matches(string presented) => CryptographicOperations.FixedTimeEquals(HashOf(presented), _hash);

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
