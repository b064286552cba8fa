using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Thoth.Enforcer.Configuration;

namespace Thoth.Enforcer.Tenants;

/// <summary>
/// The API keys that are accepted. Only their SHA-256 is kept: keys are random (256 bits where <c>new-key</c> makes them), so
/// that a slow hash, which protects guessable passwords, would protect nothing and cost every request.
/// </summary>
internal sealed class ApiKeys(IReadOnlyList<ApiKey> keys)
{
    private const string Prefix = "thoth_local_";
    private const int LeastCharacters = 20;

    /// <summary>Without any, requests need none.</summary>
    public bool Any => keys.Count > 0;

    /// <summary>How many there are.</summary>
    public int Count => keys.Count;

    /// <summary>A new key: 256 random bits.</summary>
    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>The keys of a file and of the environment.</summary>
    /// <exception cref="UsageException">They cannot be read.</exception>
    public static ApiKeys Load(EnforcerOptions options) =>
        new([.. options.KeysPath is null ? [] : KeyFile.Read(options.KeysPath), .. OfEnvironment(options.Keys)]);

    /// <summary>Takes as long whether and wherever the key is found.</summary>
    public ApiKey? Find(string presented)
    {
        var hash = HashOf(presented);
        ApiKey? found = null;
        foreach (var key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(key.Hash, hash))
            {
                found = key;
            }
        }

        return found;
    }

    private static IEnumerable<ApiKey> OfEnvironment(string? text)
    {
        foreach (var entry in (text ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var separator = entry.IndexOf('=', StringComparison.Ordinal);
            if (separator < 1 || entry.Length - separator - 1 < LeastCharacters)
            {
                throw new UsageException(
                    $"THOTH_ENFORCER_KEYS must be 'tenant=key', separated by semicolons, with keys of at least {LeastCharacters} characters; make one with 'thoth-enforcer new-key'.");
            }

            yield return new ApiKey(entry[..separator].Trim(), HashOf(entry[(separator + 1)..].Trim()), KeyRights.All);
        }
    }
}
