using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Tenants;

namespace Thoth.Enforcer;

/// <summary>The command that makes an API key.</summary>
internal static class NewKey
{
    /// <returns>The key. It is kept nowhere.</returns>
    /// <exception cref="UsageException">An argument is missing or wrong, or the file cannot be written.</exception>
    public static string Make(IReadOnlyList<string> args)
    {
        var given = CommandLine.Parse(args);
        if (given.Keys.FirstOrDefault(static name => name is not ("--tenant" or "--keys" or "--events-only")) is { } other)
        {
            throw CommandLine.Wrong($"{other} does not belong to new-key.");
        }

        var key = ApiKeys.Create();
        KeyFile.Add(
            given.GetValueOrDefault("--keys") ?? throw CommandLine.Wrong("new-key needs --keys."),
            given.GetValueOrDefault("--tenant") ?? throw CommandLine.Wrong("new-key needs --tenant."),
            key,
            given.ContainsKey("--events-only"));
        return key;
    }
}
