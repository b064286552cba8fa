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
