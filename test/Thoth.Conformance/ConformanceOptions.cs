using System.Globalization;
using Thoth.Conformance.Servers;

namespace Thoth.Conformance;

/// <summary>What the command line asks for.</summary>
internal sealed record ConformanceOptions
{
    public const string Usage =
        """
        thoth-conformance --url <url> [options]   run the cases for servers against a running server
        thoth-conformance --vectors [--filter …]  run the vectors for clients against Thoth.Interception

          --url <url>            the server's base URL, such as http://127.0.0.1:5080
          --key <key>            an API key that may decide, poll, explain and send events; without this option the cases
                                 about keys are skipped and no request has a key
          --ingest-token <token> a token that may send events
          --tenant <id>          the tenant of the requests, default conformance
          --allow-tool <name>    a tool that the server's policy allows, default conformance_allow
          --block-tool <name>    a tool that it blocks, default conformance_block
          --step-up-tool <name>  a tool that it holds for an approval, default conformance_step_up
          --modify-tool <name>   a tool whose arguments it changes, default conformance_modify
          --defer-tool <name>    a tool that it defers, default conformance_defer
                                 'none' in place of a name: no such tool, its cases are skipped
          --approver <seconds>   a person approves and denies held calls when the program asks for it, within
                                 this time; without this option the cases about resolved holds are skipped
          --filter <text>        only cases whose id contains the text, or whose section (of a vector: kind) it is
          --help                 this text

        The exit code is 0 if no case failed and at least one passed, 1 if a case failed, and 2 if nothing could be run.
        """;

    private const string NoTool = "none";
    private const int MostSeconds = 3600;

    private static readonly string[] s_flags = ["--help", "--vectors"];

    private static readonly string[] s_values =
    [
        "--url", "--key", "--ingest-token", "--tenant", "--approver", "--filter",
        .. ServerTarget.Roles.Select(OptionOf),
    ];

    /// <summary>Whether to print <see cref="Usage"/> and nothing else.</summary>
    public bool IsHelp { get; private init; }

    /// <summary>The server; <see langword="null"/> to run the vectors.</summary>
    public ServerTarget? Target { get; private init; }

    /// <summary>How long a person has to resolve a hold, or <see langword="null"/>.</summary>
    public TimeSpan? ApproverPatience { get; private init; }

    public string? Filter { get; private init; }

    /// <exception cref="UsageException">An argument is unknown, missing or out of its range.</exception>
    public static ConformanceOptions Read(IReadOnlyList<string> args)
    {
        var given = Parse(args);
        if (given.ContainsKey("--help"))
        {
            return new ConformanceOptions { IsHelp = true };
        }

        var filter = given.GetValueOrDefault("--filter");
        if (given.ContainsKey("--vectors"))
        {
            return given.Keys.FirstOrDefault(name => name is not ("--vectors" or "--filter")) is { } other
                ? throw Wrong($"{other} does not go with --vectors.")
                : new ConformanceOptions { Filter = filter };
        }

        return new ConformanceOptions { Target = TargetOf(given), ApproverPatience = PatienceOf(given), Filter = filter };
    }

    /// <summary>Whether the filter lets a case through.</summary>
    public bool Includes(string id, string section) =>
        Filter is null || section == Filter || id.Contains(Filter, StringComparison.OrdinalIgnoreCase);

    private static ServerTarget TargetOf(Dictionary<string, string> given)
    {
        var text = given.GetValueOrDefault("--url") ?? throw Wrong("--url is missing.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            throw Wrong("--url must be an http or https address without a query.");
        }

        var defaults = new ServerTarget { Url = url };
        return defaults with
        {
            Key = given.GetValueOrDefault("--key"),
            IngestToken = given.GetValueOrDefault("--ingest-token"),
            Tenant = given.GetValueOrDefault("--tenant") ?? defaults.Tenant,
            Tools = ServerTarget.Roles.Select(role => (Role: role, Tool: given.GetValueOrDefault(OptionOf(role)) ?? ServerTarget.DefaultTool(role)))
                .Where(pair => pair.Tool != NoTool).ToDictionary(pair => pair.Role, pair => pair.Tool),
        };
    }

    private static TimeSpan? PatienceOf(Dictionary<string, string> given) =>
        !given.TryGetValue("--approver", out var text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= MostSeconds ? TimeSpan.FromSeconds(seconds)
        : throw Wrong($"--approver must be a whole number of seconds from 1 to {MostSeconds}.");

    private static string OptionOf(string role) => $"--{role.Replace('_', '-')}-tool";

    private static Dictionary<string, string> Parse(IReadOnlyList<string> args)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i] == "-h" ? "--help" : args[i];
            var isFlag = s_flags.Contains(name);
            if (!isFlag && !s_values.Contains(name))
            {
                // The argument itself may be a key in the wrong place.
                throw Wrong(name.StartsWith("--", StringComparison.Ordinal) ? $"Unknown option '{name.Split('=')[0]}'." : "An argument is not an option.");
            }

            if (!isFlag && (i + 1 == args.Count || args[i + 1].Length == 0))
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

    private static UsageException Wrong(string what) => new($"{what}\n\n{Usage}");
}
