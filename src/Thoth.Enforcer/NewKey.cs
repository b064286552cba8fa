using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Tenants;

namespace Thoth.Enforcer;

/// <summary>The command that creates an API key.</summary>
internal static class NewKey
{
    /// <returns>The key. It is not stored.</returns>
    /// <exception cref="UsageException">An argument is missing or invalid, or the file cannot be written.</exception>
    public static string Make(IReadOnlyList<string> args)
    {
        var given = CommandLine.Parse(args);
        if (given.Keys.FirstOrDefault(static name => name is not ("--tenant" or "--keys" or "--events-only")) is { } other)
        {
            throw CommandLine.Error($"{other} is not an option of new-key. Remove it.");
        }

        var key = ApiKeys.Create();
        KeyFile.Add(
            given.GetValueOrDefault("--keys") ?? throw CommandLine.Error("--keys is missing. Name the file of the hashes."),
            given.GetValueOrDefault("--tenant") ?? throw CommandLine.Error("--tenant is missing. Name the tenant of the key."),
            key,
            given.ContainsKey("--events-only"));
        return key;
    }
}
