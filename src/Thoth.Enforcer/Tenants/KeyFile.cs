using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Tenants;

/// <summary>The file of API keys. Each line is <c>tenant sha256:hash</c>, followed by <c>events</c> if the key is for events only.</summary>
internal static class KeyFile
{
    private const string HashPrefix = "sha256:";
    private const string EventsOnly = "events";

    /// <exception cref="UsageException">The file cannot be read, or a line has another form.</exception>
    public static IReadOnlyList<ApiKey> Read(string path)
    {
        try
        {
            return [.. File.ReadAllLines(path).Select((line, i) => (Line: line.Trim(), Number: i + 1))
                .Where(entry => entry.Line.Length > 0 && entry.Line[0] != '#')
                .Select(entry => Parse(entry.Line, path, entry.Number))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"The key file '{path}' cannot be read. Make it with 'thoth-enforcer new-key', or give the process access to it.", e);
        }
    }

    /// <summary>Adds a key to the file, which only its owner may read.</summary>
    /// <exception cref="UsageException">The file cannot hold the tenant's name, or cannot be written.</exception>
    public static void Add(string path, string tenant, string key, bool eventsOnly)
    {
        if (tenant.Length == 0 || tenant.Any(char.IsWhiteSpace) || tenant[0] == '#')
        {
            throw CommandLine.Error("--tenant must be a name without blanks that does not start with '#'.");
        }

        var line = $"{tenant} {HashPrefix}{Convert.ToHexStringLower(ApiKeys.HashOf(key))}{(eventsOnly ? " " + EventsOnly : "")}\n";
        try
        {
            OwnerOnlyFile.EnsureExists(path);

            // A last line that was written by hand may have no line break.
            var isOpen = File.ReadAllText(path) is [.., not '\n'];
            File.AppendAllText(path, isOpen ? "\n" + line : line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The key file '{path}' cannot be written. Give the process access to it.", e);
        }
    }

    private static ApiKey Parse(string line, string path, int number)
    {
        var parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 2 or 3 && parts[1].StartsWith(HashPrefix, StringComparison.Ordinal)
            && (parts.Length == 2 || parts[2] == EventsOnly) && TryHash(parts[1][HashPrefix.Length..]) is { } hash)
        {
            return new ApiKey(parts[0], hash, parts.Length == 3 ? KeyRights.Write : KeyRights.All);
        }

        throw new UsageException(
            $"Line {number} of the key file '{path}' is not 'tenant sha256:hash'. Replace keys by their hashes; 'thoth-enforcer new-key' writes them.");
    }

    private static byte[]? TryHash(string text)
    {
        try
        {
            return Convert.FromHexString(text) is { Length: 32 } hash ? hash : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
