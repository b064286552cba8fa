namespace AgentChat;

/// <summary>Represents the options of the command line.</summary>
/// <param name="Demo">Whether the support case is played at the console, without a page.</param>
/// <param name="Enforcer">The address of an enforcer that decides; <see langword="null"/> for the policy of the sample.</param>
/// <param name="Urls">The address of the page.</param>
internal sealed record RunOptions(bool Demo, string? Enforcer, string Urls)
{
    public const string DefaultUrls = "http://127.0.0.1:5090";

    private const string Usage =
        """
        Usage: dotnet run --project samples/AgentChat -- [--demo] [--enforcer <url>] [--urls <url>]
          --demo       play the support case at the console and exit
          --enforcer   let the enforcer at this address decide, such as http://127.0.0.1:5080
          --urls       the address of the page, http://127.0.0.1:5090 by default
        """;

    /// <summary>Reads the command line.</summary>
    /// <returns>The options, or <see langword="null"/> and the reason with the usage.</returns>
    public static (RunOptions? Options, string Error) Parse(string[] args)
    {
        var (demo, enforcer, urls) = (false, (string?)null, DefaultUrls);
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--demo":
                    demo = true;
                    break;
                case "--enforcer" when Uri.IsWellFormedUriString(value, UriKind.Absolute):
                    enforcer = value;
                    i++;
                    break;
                case "--urls" when Uri.IsWellFormedUriString(value, UriKind.Absolute):
                    urls = value!;
                    i++;
                    break;
                default:
                    return (null, $"Argument '{args[i]}' is unknown or has no valid value.\n{Usage}");
            }
        }

        return (new RunOptions(demo, enforcer, urls), "");
    }
}
