using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.Tests.Support;
using ToolLoops;
using ToolLoops.Tools;

namespace Thoth.Interception.Tests.Samples.ToolLoops;

/// <summary>The tool runner of samples/ToolLoop, with the sample's policy and what a real model may do besides the script.</summary>
public class GovernedToolsTests
{
    private const string Refund = """{"order":"A-1002","amount":250}""";

    private ServiceProvider _provider = null!;
    private GovernedTools _tools = null!;

    [SetUp]
    public void Create()
    {
        var services = new ServiceCollection();
        services.AddThoth(options => (options.TenantId, options.AgentId, options.StepUp.PollInterval) = ("acme", "agent", TimeSpan.FromMilliseconds(1)))
            .UseLocalPolicy(Path.Combine(Repository.Root, "samples", "ToolLoop", "thoth.policy.json"));
        _provider = services.BuildServiceProvider();
        var transcript = new Transcript();
        _tools = new GovernedTools(_provider.GetRequiredService<IToolGovernor>(), Holds, new ShopTools(transcript), transcript);
    }

    [TearDown]
    public async Task DisposeAsync() => await _provider.DisposeAsync();

    private IThothHolds Holds => _provider.GetRequiredService<IThothHolds>();

    [Test]
    public async Task HeldCall_ThatTheModelMakesAgain_IsOneHeldCall_AndRunsOnce()
    {
        await CallAsync("refund", Refund);
        var again = await CallAsync("refund", Refund);
        Assert.That(_tools.HeldCount, Is.EqualTo(1));
        Assert.That(again, Does.StartWith("Not run yet: "));
        Assert.That(await _tools.ResumeAsync(default), Is.Empty);

        await ResolveAsync(ApprovalAnswer.Approve("Ada"));
        await _tools.WaitAsync(default);

        Assert.That(await CallAsync("refund", Refund), Is.EqualTo("250 are refunded for order A-1002."));
        Assert.That(await _tools.ResumeAsync(default), Is.Empty, "the model's own call ran");
        Assert.That(_tools.HeldCount, Is.Zero);
    }

    [Test]
    public async Task HeldCall_Approved_IsResumedOnce()
    {
        await CallAsync("refund", Refund);
        await ResolveAsync(ApprovalAnswer.Approve("Ada"));
        await _tools.WaitAsync(default);

        Assert.That(await _tools.ResumeAsync(default), Is.EqualTo(["News of the held call 'call_1' of 'refund': 250 are refunded for order A-1002."]));
        Assert.That(await _tools.ResumeAsync(default), Is.Empty);
    }

    [TestCase("find_order", """{"number":"A-1002"}""", "The tool 'find_order' failed. Check its arguments.")]
    [TestCase("find_order", """{"order":null}""", "The tool 'find_order' failed. Check its arguments.")]
    [TestCase("find_order", "[]", "Not run: the arguments of the tool 'find_order' cannot be used.")]
    [TestCase("refund", """{"order":"A-1002","amount":"40"}""", "Not run")]
    [TestCase("format_disk", "{}", "Not run: policy blocks the tool 'format_disk'.")]
    public async Task Call_ThatDoesNotFit_GivesATextAndNeverThrows(string tool, string json, string text) =>
        Assert.That(await CallAsync(tool, json), Does.StartWith(text));

    private Task<string> CallAsync(string tool, string json) => _tools.CallAsync(tool, Encoding.UTF8.GetBytes(json), "call_1", default);

    private async Task ResolveAsync(ApprovalAnswer answer)
    {
        var held = await Holds.ListAsync();
        Assert.That(await Holds.ResolveAsync(held.Single(), answer), Is.True);
    }
}
