using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Thoth.Enforcer.Configuration;

namespace Thoth.Enforcer.Tenants;

/// <summary>
/// The accepted API keys. Only their SHA-256 is kept: keys are random (<c>new-key</c> uses 256 bits), so a slow hash, which
/// protects guessable passwords, would cost time on every request and protect nothing.
/// </summary>
internal sealed class ApiKeys(IReadOnlyList<ApiKey> keys)
{
    private const string Prefix = "thoth_local_";
    private const int MinLength = 20;

    /// <summary>Whether there are keys. If not, requests do not need one.</summary>
    public bool Any => keys.Count > 0;

    /// <summary>The number of keys.</summary>
    public int Count => keys.Count;

    /// <summary>Creates a key of 256 random bits.</summary>
    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Reads the keys of the file and of the environment.</summary>
    /// <exception cref="UsageException">The keys cannot be read.</exception>
    public static ApiKeys Load(EnforcerOptions options) =>
        new([.. options.KeysPath is null ? [] : KeyFile.Read(options.KeysPath), .. OfEnvironment(options.Keys)]);

    /// <summary>Finds a key. The time does not depend on whether or where it is found.</summary>
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
            if (separator < 1 || entry.Length - separator - 1 < MinLength)
            {
                throw new UsageException(
                    $"THOTH_ENFORCER_KEYS must be 'tenant=key', separated by semicolons, with keys of at least {MinLength} characters. Make one with 'thoth-enforcer new-key'.");
            }

            yield return new ApiKey(entry[..separator].Trim(), HashOf(entry[(separator + 1)..].Trim()), KeyRights.All);
        }
    }
}
