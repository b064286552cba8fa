using System.Globalization;

namespace Thoth.Enforcer.Configuration;

/// <summary>Reads the command line and the environment. Whatever it does not know is an error: a misspelt switch must not be ignored.</summary>
internal static class CommandLine
{
    public const string Usage =
        """
        thoth-enforcer --policy <file> [options]       decide about tool calls and show those that are held
        thoth-enforcer new-key --tenant <id> --keys <file> [--events-only]
                                                       make an API key: its hash goes to the file, the key is printed once

          --policy <file>          the policy (JSON); a change takes effect while the server runs
          --urls <urls>            where to listen, default http://127.0.0.1:5080
          --allow-remote           allow addresses that other machines can reach; needs API keys
          --database <file>        SQLite file, default thoth-enforcer.db in the current folder
          --keys <file>            API keys by their hashes; or THOTH_ENFORCER_KEYS="tenant=key;tenant=key"
          --tenant <id>            without keys: take requests of this tenant only
          --hold-minutes <n>       how long a call is held where its rule says nothing, default 60
          --max-holds <n>          how many calls of a tenant may be held at once, default 10000
          --requests-per-minute <n> for each tenant and endpoint, default 60000
          --retention-days <n>     how long decisions and events are kept, default 90

        The page's sign-in token is printed at start; THOTH_ENFORCER_PAGE_TOKEN sets one (16 characters or more).
        """;

    private static readonly string[] s_flags = ["--allow-remote", "--events-only"];

    private static readonly string[] s_values =
    [
        "--policy", "--urls", "--database", "--keys", "--tenant",
        "--hold-minutes", "--max-holds", "--requests-per-minute", "--retention-days",
    ];

    /// <exception cref="UsageException">An argument is unknown, missing or out of its range.</exception>
    public static EnforcerOptions Read(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var given = Parse(args);
        if (given.ContainsKey("--events-only"))
        {
            throw Wrong("--events-only belongs to new-key.");
        }

        var defaults = new EnforcerOptions { PolicyPath = "" };
        return new EnforcerOptions
        {
            PolicyPath = Path.GetFullPath(given.GetValueOrDefault("--policy") ?? throw Wrong("--policy is missing.")),
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

    /// <returns>Each switch with its value; an empty one for a flag.</returns>
    /// <exception cref="UsageException">A switch is unknown, given twice or lacks its value.</exception>
    public static Dictionary<string, string> Parse(IReadOnlyList<string> args)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            var isFlag = s_flags.Contains(name);
            if (!isFlag && !s_values.Contains(name))
            {
                throw Wrong($"Unknown argument '{name}'.");
            }

            if (!isFlag && (i + 1 == args.Count || args[i + 1].StartsWith("--", StringComparison.Ordinal)))
            {
                throw Wrong($"{name} needs a value.");
            }

            if (!given.TryAdd(name, isFlag ? "" : args[++i]))
            {
                throw Wrong($"{name} is given twice.");
            }
        }

        return given;
    }

    public static UsageException Wrong(string what) => new($"{what}\n\n{Usage}");

    private static int Number(Dictionary<string, string> given, string name, int standard, int least, int most) =>
        !given.TryGetValue(name, out var text) ? standard
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw Wrong($"{name} must be a whole number from {least} to {most}.");
}
