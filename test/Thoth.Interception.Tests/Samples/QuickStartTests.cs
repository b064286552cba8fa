using Thoth.Interception.Tests.LocalPolicy.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Samples;

/// <summary>The README's first command, as a real process with redirected output.</summary>
public class QuickStartTests
{
    [Test]
    public async Task Run_WithRedirectedOutput_EndsEveryCallAsThePolicySays()
    {
        var run = await RunAsync();

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Errors, Is.Empty);
        Assert.That(run.Output, Does.Contain("The approver is scripted"));
        Assert.That(run.Output, Does.Contain("All 12 calls ended as the policy says."));
        foreach (var verdict in (string[])["ALLOW", "MODIFY", "STEP_UP approved", "STEP_UP denied", "BLOCK", "DEFER"])
        {
            Assert.That(run.Output, Does.Contain($"| {verdict} "));
        }
    }

    [Test]
    public async Task Run_WithRedirectedOutput_ShowsTheEvidence()
    {
        var run = await RunAsync();

        Assert.That(run.Output, Does.Match(@"24 events in \d+ batches: 24 delivered, 0 dropped, 0 waiting\."));
        Assert.That(run.Output, Does.Contain("\"approver\":\"scripted approver\""));
        Assert.That(run.Output, Does.Contain("***").And.Not.Contain("It is in summary.md."), "the mail's body is [Sensitive]");
        Assert.That(run.Output, Does.Contain("6 lines, the first: name,email\n"), "phone and ssn are stripped");
    }

    [Test]
    public async Task Run_WithRedirectedOutput_IsPlainTextOfAtMost120Columns()
    {
        var run = await RunAsync();

        Assert.That(run.Output, Does.Not.Contain('\u001b'));
        Assert.That(run.Output.Split('\n').Select(line => line.Length), Has.All.AtMost(120));
    }

    [Test]
    public async Task Run_Always_RemovesItsTemporaryFolder()
    {
        var run = await RunAsync();

        const string Announcement = "and write to ";
        var line = run.Output.Split('\n').Single(line => line.StartsWith(Announcement, StringComparison.Ordinal));
        var folder = line[Announcement.Length..].TrimEnd().TrimEnd('.');
        Assert.That(Path.GetFileName(folder), Does.StartWith("thoth-quickstart-"));
        Assert.That(folder, Does.Not.Exist);
    }

    [TestCase("--interactive", "needs a terminal")]
    [TestCase("--unknown", "Usage:")]
    public async Task Run_WithWhatItCannotDo_SaysSoAndExitsWith2(string argument, string explanation)
    {
        var run = await RunAsync(argument);

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Errors, Does.Contain(explanation));
    }

    [Test]
    public async Task Run_WithAnotherPolicy_SaysWhatDiffersAndExitsWith1()
    {
        using var copy = new TemporaryFolder();
        var program = CopyTo(copy);
        var policy = Path.Combine(copy.Path, "thoth.policy.json");
        await File.WriteAllTextAsync(policy, (await File.ReadAllTextAsync(policy)).Replace("\"at_most\": 100", "\"at_most\": 10", StringComparison.Ordinal));

        var run = await SampleRun.OfAsync(program, Repository.Root);

        Assert.That(run.ExitCode, Is.EqualTo(1), run.ToString());
        Assert.That(run.Output, Does.Contain("Call 8: expected refund: ALLOW by small-refunds, ran; got refund: BLOCK by no rule, did not run."));
    }

    [Test]
    public async Task Run_OutsideOfTheRepository_SaysSoAndExitsWith2()
    {
        using var copy = new TemporaryFolder();

        var run = await SampleRun.OfAsync(CopyTo(copy), Path.GetTempPath());

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Errors, Does.Contain("Run it from inside the repository."));
    }

    private static string CopyTo(TemporaryFolder folder)
    {
        var program = Repository.OutputOf("QuickStart");
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(program)!))
        {
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        }

        return Path.Combine(folder.Path, Path.GetFileName(program));
    }

    private static Task<SampleRun> RunAsync(params string[] arguments) => SampleRun.OfAsync("QuickStart", arguments);
}
