namespace QuickStart;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Interactive">Ask at the console about held calls.</param>
/// <param name="Keep">Leave the temporary folder for a look at it.</param>
/// <param name="Enforcer">The address of an enforcer, in place of <c>THOTH_API_URL</c>.</param>
internal sealed record RunOptions(bool Interactive, bool Keep, string? Enforcer)
{
    /// <summary>Thoth over HTTP decides, not the policy of the sample.</summary>
    public bool UsesApi { get; } = Enforcer is not null || !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("THOTH_API_URL"));

    public static RunOptions Parse(string[] args)
    {
        var at = Array.IndexOf(args, "--enforcer");
        var enforcer = at >= 0 && at + 1 < args.Length && Uri.IsWellFormedUriString(args[at + 1], UriKind.Absolute) ? args[at + 1] : null;
        var unknown = args.Where((arg, i) => enforcer is null || (i != at && i != at + 1)).Except(["--interactive", "--keep"]).FirstOrDefault();
        if (unknown is not null)
        {
            throw new CannotRunException(
                $"""
                Unknown argument '{unknown}'. Usage: dotnet run --project samples/QuickStart -- [--interactive] [--keep] [--enforcer <url>]
                  --interactive   ask at the console about calls that need an approval
                  --keep          keep the files that the tools write
                  --enforcer      let the enforcer at this address decide, such as http://127.0.0.1:5080
                """);
        }

        var options = new RunOptions(args.Contains("--interactive"), args.Contains("--keep"), enforcer);
        return options.Interactive && (Console.IsInputRedirected || Console.IsOutputRedirected)
            ? throw new CannotRunException("--interactive needs a terminal to ask at; leave it out for the scripted approver.")
            : options;
    }
}
