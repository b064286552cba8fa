using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Tenants;

/// <summary>The file of API keys: a line for each, <c>tenant sha256:hash</c>, and <c>events</c> behind it for one that only delivers events.</summary>
internal static class KeyFile
{
    private const string HashPrefix = "sha256:";
    private const string EventsOnly = "events";

    /// <exception cref="UsageException">The file cannot be read, or a line says something else.</exception>
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
                $"The key file '{path}' cannot be read; make it with 'thoth-enforcer new-key', or give the process access to it.", e);
        }
    }

    /// <summary>Adds a key to the file, which only its owner may read.</summary>
    /// <exception cref="UsageException">The tenant's name cannot stand in the file, or the file cannot be written.</exception>
    public static void Add(string path, string tenant, string key, bool eventsOnly)
    {
        if (tenant.Length == 0 || tenant.Any(char.IsWhiteSpace) || tenant[0] == '#')
        {
            throw CommandLine.Wrong("--tenant must be a name without blanks.");
        }

        var line = $"{tenant} {HashPrefix}{Convert.ToHexStringLower(ApiKeys.HashOf(key))}{(eventsOnly ? " " + EventsOnly : "")}\n";
        try
        {
            OwnerOnlyFile.EnsureExists(path);

            // Whoever wrote the last line by hand may not have ended it.
            var isOpen = File.ReadAllText(path) is [.., not '\n'];
            File.AppendAllText(path, isOpen ? "\n" + line : line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The key file '{path}' cannot be written; give the process access to it.", e);
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
            $"Line {number} of the key file '{path}' is no 'tenant sha256:hash'; keys themselves do not belong there, 'thoth-enforcer new-key' writes their hashes.");
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
