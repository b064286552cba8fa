namespace ToolLoops;

/// <summary>Represents the options of the command line.</summary>
/// <param name="OpenAi">Whether the loop with OpenAI's client runs.</param>
/// <param name="Anthropic">Whether the loop with Anthropic's client runs.</param>
/// <param name="Ask">Whether the console prompts for held calls.</param>
internal sealed record RunOptions(bool OpenAi, bool Anthropic, bool Ask)
{
    private const string Usage =
        """
        Usage: dotnet run --project samples/ToolLoop -- [--openai] [--anthropic] [--ask]
          --openai      run the loop with OpenAI's client only
          --anthropic   run the loop with Anthropic's client only
          --ask         prompt at the console for calls that need an approval
        """;

    /// <summary>Reads the command line.</summary>
    /// <returns>The options, or a text that says why there are none.</returns>
    public static (RunOptions? Options, string Error) Parse(string[] args)
    {
        if (args.Except(["--openai", "--anthropic", "--ask"]).FirstOrDefault() is { } unknown)
        {
            return (null, $"Unknown argument '{unknown}'. {Usage}");
        }

        var (openAi, anthropic, ask) = (args.Contains("--openai"), args.Contains("--anthropic"), args.Contains("--ask"));
        return ask && Console.IsInputRedirected
            ? (null, "--ask needs a terminal. Leave it out for the scripted approver.")
            : (new RunOptions(openAi || !anthropic, anthropic || !openAi, ask), "");
    }
}
