using System.Text.RegularExpressions;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.EndToEndTests.Documentation;

/// <summary>Finds the commands in the code blocks of README.md and docs: a line of a block without a language, or a whole shell script.</summary>
internal static partial class DocumentedCommand
{
    public static IReadOnlyList<string> All { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Prepend(Path.Combine(Repository.Root, "README.md"))
            .SelectMany(static file => Block().Matches(File.ReadAllText(file)).SelectMany(CommandsOf)).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The commands of one page that name an address, in their order, each with the lines that the page shows after it.</summary>
    public static IReadOnlyList<(string Command, IReadOnlyList<string> Response)> StepsOf(string page, string address)
    {
        var steps = new List<(string Command, IReadOnlyList<string> Response)>();
        foreach (var block in Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", page)))
            .Where(block => block.Groups["language"].Value.Length == 0 && block.Groups["text"].Value.Contains(address, StringComparison.Ordinal)))
        {
            List<string>? response = null;
            foreach (var line in block.Groups["text"].Value.Split('\n'))
            {
                if (Command().IsMatch(line))
                {
                    response = [];
                    steps.Add((line.StartsWith("$ ", StringComparison.Ordinal) ? line[2..] : line, response));
                }
                else
                {
                    response?.Add(line);
                }
            }
        }

        return steps;
    }

    /// <summary>The projects are built already.</summary>
    public static string WithoutBuild(string command)
    {
        // .../bin/Debug/net10.0
        var configuration = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Parent!.Name;
        return command.Replace("dotnet run --no-build ", "dotnet run ", StringComparison.Ordinal)
            .Replace("dotnet run ", $"dotnet run --no-build --configuration {configuration} ", StringComparison.Ordinal);
    }

    private static IEnumerable<string> CommandsOf(Match block) => block.Groups["language"].Value switch
    {
        "" => block.Groups["text"].Value.Split('\n').Where(static line => Command().IsMatch(line)),
        "bash" or "sh" or "shell" or "console" => [block.Groups["text"].Value],
        _ => [],
    };

    [GeneratedRegex(@"^```(?<language>\S*)\n(?<text>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    /// <summary>Other blocks without a language are pictures and messages.</summary>
    [GeneratedRegex(@"^\s*(\$ )?([A-Z][A-Z0-9_]*=\S+|dotnet|thoth-enforcer|curl|git|docker|npm|bash|\./\S+)( |$)")]
    private static partial Regex Command();
}
