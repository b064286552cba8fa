using System.Globalization;

namespace Thoth.Enforcer.Configuration;

/// <summary>Reads the command line and the environment. An unknown argument is an error, because a misspelt switch must not be ignored.</summary>
internal static class CommandLine
{
    public const string Usage =
        """
        thoth-enforcer --policy <file> [options]       decide about tool calls and show the held ones
        thoth-enforcer new-key --tenant <id> --keys <file> [--events-only]
                                                       make an API key: write its hash to the file, print the key once

          --policy <file>          the policy (JSON); changes take effect while the server runs
          --urls <urls>            addresses to listen on, default http://127.0.0.1:5080
          --allow-remote           allow addresses that other machines can reach; requires API keys
          --database <file>        SQLite file, default thoth-enforcer.db in the current folder
          --keys <file>            API keys by their hashes; or THOTH_ENFORCER_KEYS="tenant=key;tenant=key"
          --tenant <id>            without keys: accept requests of this tenant only
          --hold-minutes <n>       how long a call is held if its rule does not say, default 60
          --max-holds <n>          how many calls of a tenant can be held at once, default 10000
          --requests-per-minute <n> for each tenant and endpoint, default 60000
          --retention-days <n>     how long decisions and events are kept, default 90

        The page's sign-in token is printed at startup. THOTH_ENFORCER_PAGE_TOKEN sets one (16 characters or more).
        """;

    private static readonly string[] s_flags = ["--allow-remote", "--events-only"];

    private static readonly string[] s_values =
    [
        "--policy", "--urls", "--database", "--keys", "--tenant",
        "--hold-minutes", "--max-holds", "--requests-per-minute", "--retention-days",
    ];

    /// <exception cref="UsageException">An argument is unknown, missing or out of range.</exception>
    public static EnforcerOptions Read(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var given = Parse(args);
        if (given.ContainsKey("--events-only"))
        {
            throw Error("--events-only is an option of new-key. Remove it.");
        }

        var defaults = new EnforcerOptions { PolicyPath = "" };
        return new EnforcerOptions
        {
            PolicyPath = Path.GetFullPath(given.GetValueOrDefault("--policy") ?? throw Error("--policy is missing.")),
            Urls = given.GetValueOrDefault("--urls") ?? defaults.Urls,
            AllowRemote = given.ContainsKey("--allow-remote"),
            DatabasePath = Path.GetFullPath(given.GetValueOrDefault("--database") ?? defaults.DatabasePath),
            KeysPath = given.GetValueOrDefault("--keys"),
            Keys = environment("THOTH_ENFORCER_KEYS"),
            Tenant = given.GetValueOrDefault("--tenant"),
            PageToken = environment("THOTH_ENFORCER_PAGE_TOKEN") is { Length: > 0 } token ? token : null,
            HoldLifetime = TimeSpan.FromMinutes(Number(given, "--hold-minutes", 60, 1, 1440)),
            MaxHolds = Number(given, "--max-holds", defaults.MaxHolds, 1, 1_000_000),
            RequestsPerMinute = Number(given, "--requests-per-minute", defaults.RequestsPerMinute, 1, 10_000_000),
            RetentionDays = Number(given, "--retention-days", defaults.RetentionDays, 1, 3650),
        };
    }

    /// <returns>Each switch with its value; the value of a flag is empty.</returns>
    /// <exception cref="UsageException">A switch is unknown, is given twice, or has no value.</exception>
    public static Dictionary<string, string> Parse(IReadOnlyList<string> args)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            var isFlag = s_flags.Contains(name);
            if (!isFlag && !s_values.Contains(name))
            {
                throw Error($"Unknown argument '{name}'.");
            }

            if (!isFlag && (i + 1 == args.Count || args[i + 1].StartsWith("--", StringComparison.Ordinal)))
            {
                throw Error($"{name} needs a value.");
            }

            if (!given.TryAdd(name, isFlag ? "" : args[++i]))
            {
                throw Error($"{name} is given twice.");
            }
        }

        return given;
    }

    public static UsageException Error(string message) => new($"{message}\n\n{Usage}");

    private static int Number(Dictionary<string, string> given, string name, int defaultValue, int min, int max) =>
        !given.TryGetValue(name, out var text) ? defaultValue
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : throw Error($"{name} must be a whole number from {min} to {max}.");
}
