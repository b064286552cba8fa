using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Thoth.Enforcer.Configuration;

namespace Thoth.Enforcer.Page.SignIn;

/// <summary>What a person signs in with: printed at start, or configured.</summary>
internal sealed class PageToken
{
    private const int LeastCharacters = 16;

    private readonly byte[] _hash;

    /// <exception cref="UsageException">The configured token is too short.</exception>
    public PageToken(string? configured)
    {
        if (configured?.Length < LeastCharacters)
        {
            throw new UsageException($"THOTH_ENFORCER_PAGE_TOKEN is too easy to guess; use at least {LeastCharacters} characters, or leave it out to have one made.");
        }

        IsConfigured = configured is not null;
        Text = configured ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        _hash = HashOf(Text);
        Mark = Convert.ToHexStringLower(SHA256.HashData(_hash));
    }

    public bool IsConfigured { get; }

    public string Text { get; }

    /// <summary>Stands in cookies for the token that they were given for: a new token ends them.</summary>
    public string Mark { get; }

    /// <summary>Takes as long whatever was presented.</summary>
    public bool Is(string presented) => CryptographicOperations.FixedTimeEquals(HashOf(presented), _hash);

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
