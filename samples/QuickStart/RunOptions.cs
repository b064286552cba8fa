namespace QuickStart;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Interactive">Ask at the console about held calls.</param>
/// <param name="Keep">Leave the temporary folder for a look at it.</param>
internal sealed record RunOptions(bool Interactive, bool Keep)
{
    /// <summary>Thoth over HTTP decides, not the policy of the sample.</summary>
    public bool UsesApi { get; } = !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("THOTH_API_URL"));

    public static RunOptions Parse(string[] args)
    {
        var unknown = args.Except(["--interactive", "--keep"]).FirstOrDefault();
        if (unknown is not null)
        {
            throw new CannotRunException(
                $"""
                Unknown argument '{unknown}'. Usage: dotnet run --project samples/QuickStart -- [--interactive] [--keep]
                  --interactive   ask at the console about calls that need an approval
                  --keep          keep the files that the tools write
                """);
        }

        var options = new RunOptions(args.Contains("--interactive"), args.Contains("--keep"));
        return options.Interactive && (Console.IsInputRedirected || Console.IsOutputRedirected)
            ? throw new CannotRunException("--interactive needs a terminal to ask at; leave it out for the scripted approver.")
            : options;
    }
}
