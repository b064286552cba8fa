namespace QuickStart;

/// <summary>Represents the options of the command line.</summary>
/// <param name="Interactive">Whether the console prompts for held calls.</param>
/// <param name="Keep">Whether the temporary folder is kept.</param>
/// <param name="Enforcer">The address of an enforcer, in place of <c>THOTH_API_URL</c>.</param>
internal sealed record RunOptions(bool Interactive, bool Keep, string? Enforcer)
{
    /// <summary>Gets whether calls are evaluated by Thoth over HTTP and not by the policy of the sample.</summary>
    public bool UsesApi { get; } = Enforcer is not null || !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("THOTH_API_URL"));

    public static RunOptions Parse(string[] args)
    {
        var index = Array.IndexOf(args, "--enforcer");
        var enforcer = index >= 0 && index + 1 < args.Length && Uri.IsWellFormedUriString(args[index + 1], UriKind.Absolute) ? args[index + 1] : null;
        var unknown = args.Where((arg, i) => enforcer is null || (i != index && i != index + 1)).Except(["--interactive", "--keep"]).FirstOrDefault();
        if (unknown is not null)
        {
            throw new CannotRunException(
                $"""
                Unknown argument '{unknown}'. Usage: dotnet run --project samples/QuickStart -- [--interactive] [--keep] [--enforcer <url>]
                  --interactive   prompt at the console for calls that need an approval
                  --keep          keep the files that the tools write
                  --enforcer      use the enforcer at this address, such as http://127.0.0.1:5080
                """);
        }

        var options = new RunOptions(args.Contains("--interactive"), args.Contains("--keep"), enforcer);
        return options.Interactive && (Console.IsInputRedirected || Console.IsOutputRedirected)
            ? throw new CannotRunException("--interactive needs a terminal. Leave it out for the scripted approver.")
            : options;
    }
}
