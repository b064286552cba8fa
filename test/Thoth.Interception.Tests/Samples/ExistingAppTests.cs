using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Samples;

/// <summary>An application that knows of governance in one file: governed, proved to be, and refused where it is not.</summary>
public class ExistingAppTests
{
    [Test]
    public void Sources_OutsideOfProgram_DoNotKnowTheLibrary()
    {
        var sources = Repository.Sources("samples/ExistingApp").ToList();

        Assert.That(sources, Has.Count.GreaterThan(15));
        Assert.That(
            sources.Where(file => File.ReadAllText(file).Contains("Thoth", StringComparison.OrdinalIgnoreCase)).Select(Path.GetFileName),
            Is.EqualTo(["Program.cs"]));
    }

    [Test]
    public async Task Run_WithoutArguments_DecidesEveryCall()
    {
        var run = await RunAsync();

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Errors, Is.Empty);
        foreach (var line in (string[])
            [
                "list_orders +3 orders", "refund +refunded 40 for A-1001", "track_parcel +the parcel of A-1001",
                "send_email +sent", "build_report +today: 3 orders, 40 refunded", "cancel_order .*Orders are cancelled by people", "find_low_stock +lamp, desk",
            ])
        {
            Assert.That(run.Output, Does.Match(line));
        }

        Assert.That(run.Output, Does.Not.Contain("refunded 250"));
    }

    [Test]
    public async Task Coverage_OfTheApplicationAsItIs_ListsEveryToolAndFindsNothing()
    {
        var run = await RunAsync("--coverage");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        foreach (var tool in (string[])
            [
                "report_tools__build_report", "order_tools__cancel_order", "stock_tools__find_low_stock", "order_tools__find_order",
                "order_tools__list_orders", "refund_tools__refund", "customer_tools__send_email", "shipping_tools__track_parcel",
            ])
        {
            Assert.That(run.Output, Does.Contain($"| {tool} "));
        }

        Assert.That(run.Output, Does.Contain("| IShippingTools").And.Contain("| Transient").And.Contain("| daily ").And.Contain("cancellationToken (not shown)"));
        Assert.That(run.Output, Does.Contain("All 8 tools are governed, and no way around was found."));
    }

    [Test]
    public async Task Bypass_RefusesToStart()
    {
        var run = await RunAsync("--bypass");

        Assert.That(run.ExitCode, Is.EqualTo(1), run.ToString());
        Assert.That(run.Output, Is.Empty, "no tool ran");
        Assert.That(run.Errors, Does.StartWith("Governed tools can be reached ungoverned in 2 ways, so nothing was started:"));
        Assert.That(run.Errors, Does.Contain("'RefundTools' implements the governed 'IRefundTools' and is registered as a separate service"));
        Assert.That(run.Errors, Does.Contain("call services.AddGovernedTools<IOrderTools>() after it"));
    }

    [Test]
    public async Task Coverage_WithBypass_ShowsTheFindingsBesideTheCatalogue()
    {
        var run = await RunAsync("--coverage", "--bypass");

        Assert.That(run.ExitCode, Is.EqualTo(1), run.ToString());
        Assert.That(run.Output, Does.Contain("| refund_tools__refund "));
        Assert.That(run.Output, Does.Contain("2 ways around governance: the application would not start."));
        Assert.That(run.Output, Does.Contain("'RefundTools' implements the governed 'IRefundTools'"));
    }

    [Test]
    public async Task Run_WithAnUnknownArgument_SaysSoAndExitsWith2()
    {
        var run = await RunAsync("--unknown");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Errors, Does.Contain("Usage:"));
    }

    private static Task<SampleRun> RunAsync(params string[] arguments) => SampleRun.OfAsync("ExistingApp", arguments);
}
