using System.Text.RegularExpressions;
using Thoth.Interception.EndToEndTests.Support;

namespace Thoth.Interception.EndToEndTests.Documentation;

/// <summary>
/// The steps of docs/web.md with <c>curl</c>, run one after the other as they are written, against a sample in a process of its own.
/// Only the port and the id of the held call differ. The larger sample, which polls faster, responds to the same steps.
/// </summary>
[Platform(Exclude = "Win", Reason = "The documentation's scripts are for a POSIX shell.")]
public partial class WebWalkThroughTests
{
    public const string Address = "127.0.0.1:5087";

    [TestCase("samples/WebMinimal", "")]
    [TestCase("samples/WebTools", " --Thoth:StepUp:PollInterval 00:00:05")]
    [CancelAfter(120_000)]
    public async Task Steps_OfTheWebPage_RespondAsWritten(string project, string arguments)
    {
        var steps = DocumentedCommand.StepsOf("web.md", Address);
        var address = $"127.0.0.1:{CommandTests.FreePort()}";
        var documentedId = steps.SelectMany(static step => step.Response).Select(static line => HeldId().Match(line)).First(static match => match.Success).Groups[1].Value;
        var id = documentedId;
        using var clone = new FreshClone();
        await using var sample = Start(steps[0].Command.Replace("samples/WebMinimal", project, StringComparison.Ordinal) + arguments);
        await sample.RestOfLineAsync("Now listening on: ");

        foreach (var (command, response) in steps.Skip(1))
        {
            await using var process = Start(command);
            if (command.Contains(" -N ", StringComparison.Ordinal))
            {
                Assert.That(await process.RestOfLineAsync(response[0]), Is.Empty, command);
                continue;
            }

            var (code, output) = await process.EndAsync();
            id = HeldId().Match(output) is { Success: true } held ? held.Groups[1].Value : id;

            Assert.That(code, Is.Zero, output);
            foreach (var expected in response.SelectMany(Certain))
            {
                Assert.That(output, Does.Contain(expected.Replace(documentedId, id, StringComparison.Ordinal)), command);
            }
        }

        Assert.That(steps, Has.Count.GreaterThanOrEqualTo(10));
        Assert.That(id, Is.Not.EqualTo(documentedId), "a call was held");

        ReaderProcess Start(string command) => ReaderProcess.Start(
            clone.Folder,
            $"exec {DocumentedCommand.WithoutBuild(command)}".Replace(Address, address, StringComparison.Ordinal).Replace(documentedId, id, StringComparison.Ordinal),
            ("THOTH_API_URL", ""), ("THOTH_API_KEY", ""));
    }

    /// <summary>The parts of a line that are the same in each run: of JSON the members without time and trace, of the rest the whole line.</summary>
    private static IEnumerable<string> Certain(string line) =>
        line.Contains('"') ? Member().Matches(line).Select(static match => match.Value) : [line.Trim()];

    [GeneratedRegex("\"heldId\":\"([0-9a-f]{32})\"")]
    private static partial Regex HeldId();

    [GeneratedRegex("\"(?!heldAt|expiresAt|traceId)\\w+\":(\"[^\"…]*\"|\\[[^\\]]*\\]|\\d+)")]
    private static partial Regex Member();
}
