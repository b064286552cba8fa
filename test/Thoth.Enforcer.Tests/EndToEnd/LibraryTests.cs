using Microsoft.Extensions.DependencyInjection;
using Thoth.Enforcer.Changes;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tests.Support;
using Thoth.Interception;
using Thoth.Interception.DependencyInjection;

namespace Thoth.Enforcer.Tests.EndToEnd;

/// <summary>The library against this server: governed tools, real HTTP, an approver.</summary>
public class LibraryTests
{
    private const string Key = "thoth_test_acme_0123456789";

    private readonly BankTools _bank = new();

    [Test]
    public async Task Decision_AllowBlockModifyOrDefer_IsApplied()
    {
        await using var host = await StartAsync();
        await using var services = Govern(host);
        var tools = services.GetRequiredService<IBankTools>();

        Assert.That(await tools.ReadDocAsync("a.md"), Is.EqualTo("read a.md"));
        Assert.That(await tools.ExportAsync("ada", "123-45"), Is.EqualTo("exported ada without number"));
        var blocked = await Assert.ThrowsAsync<PolicyViolationException>(() => tools.DeleteAsync("a.md"));
        var deferred = await Assert.ThrowsAsync<PolicyDeferredException>(() => tools.ReportAsync());

        Assert.That((blocked.DecisionReasonCode, blocked.Reason), Is.EqualTo(("no_deletes", "Nothing is deleted.")));
        Assert.That(deferred.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(120)));
        Assert.That(_bank.Calls, Is.EqualTo(2));
        await services.GetRequiredService<IEventPipeline>().FlushAsync();
        Assert.That(
            host.Activity.Events(new ActivityFilter()).Select(row => row.Type)
                .Where(type => type.StartsWith("TOOL_", StringComparison.Ordinal)).Order(),
            Is.EqualTo(["TOOL_CALL_BLOCK", "TOOL_CALL_BLOCK", "TOOL_CALL_POST", "TOOL_CALL_POST", "TOOL_CALL_PRE", "TOOL_CALL_PRE", "TOOL_CALL_PRE", "TOOL_CALL_PRE"]));
    }

    [Test]
    public async Task Block_WithExplain_CarriesTheExplanation()
    {
        await using var host = await StartAsync();
        await using var services = Govern(host, options => options.Explain = true);

        var blocked = await Assert.ThrowsAsync<PolicyViolationException>(() => services.GetRequiredService<IBankTools>().DeleteAsync("a.md"));

        Assert.That(blocked.Explanation?.WhyItWasBlocked, Is.EqualTo("Nothing is deleted. Rules: deletes."));
    }

    [Test]
    public async Task StepUp_Approved_RunsTheTool()
    {
        await using var host = await StartAsync();
        await using var services = Govern(host);
        using var changes = host.Get<ChangeFeed>().Subscribe();

        var call = services.GetRequiredService<IBankTools>().RefundAsync("A-1", 900);
        var hold = await HeldAsync(host, changes);
        Assert.That(JsonElement.Parse(hold.Arguments).GetProperty("amount").GetDecimal(), Is.EqualTo(900));
        Assert.That(_bank.Calls, Is.Zero);
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");

        Assert.That(await call, Is.EqualTo("refunded 900 of A-1"));
    }

    [Test]
    public async Task StepUp_ApprovedWithChangedArguments_RunsTheToolWithThem()
    {
        await using var host = await StartAsync();
        await using var services = Govern(host);
        using var changes = host.Get<ChangeFeed>().Subscribe();

        var call = services.GetRequiredService<IBankTools>().TransferAsync(900);
        var hold = await HeldAsync(host, changes);
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");

        Assert.That(await call, Is.EqualTo("transferred 10"));
    }

    [Test]
    public async Task StepUp_Denied_NeverRunsTheTool()
    {
        await using var host = await StartAsync();
        await using var services = Govern(host);
        using var changes = host.Get<ChangeFeed>().Subscribe();

        var call = services.GetRequiredService<IBankTools>().RefundAsync("A-1", 900);
        var hold = await HeldAsync(host, changes);
        await host.Approvals.DenyAsync(hold.Id, hold.ArgumentsHash, "grace", "Too much.");

        var rejected = await Assert.ThrowsAsync<StepUpRejectedException>(() => call);
        Assert.That(rejected.Reason, Is.EqualTo("Too much."));
        Assert.That(_bank.Calls, Is.Zero);
    }

    [Test]
    public async Task StepUp_Expired_NeverRunsTheTool()
    {
        await using var host = await StartAsync();
        await using var services = Govern(host);
        using var changes = host.Get<ChangeFeed>().Subscribe();

        var call = services.GetRequiredService<IBankTools>().RefundAsync("A-1", 900);
        await HeldAsync(host, changes);
        host.Time.Advance(TimeSpan.FromSeconds(300));

        await Assert.ThrowsAsync<StepUpRejectedException>(() => call);
        Assert.That(_bank.Calls, Is.Zero);
    }

    [Test]
    public async Task Call_WithAWrongKey_NeverRunsTheTool()
    {
        await using var host = await StartAsync();
        await using var services = Govern(host, options => options.ApiKey = "thoth_test_wrong_0123456789");

        await Assert.ThrowsAsync<PolicyViolationException>(() => services.GetRequiredService<IBankTools>().ReadDocAsync("a.md"));
        Assert.That(_bank.Calls, Is.Zero);
    }

    [Test]
    public async Task ServerWithoutKeys_AnyKey_AcceptsCallsAndEvents()
    {
        await using var host = await EnforcerHost.StartAsync();
        await using var services = Govern(host, options => options.ApiKey = "local");

        await services.GetRequiredService<IBankTools>().ReadDocAsync("a.md");

        await services.GetRequiredService<IEventPipeline>().FlushAsync();
        Assert.That(host.Activity.Events(new ActivityFilter { Tool = "read_doc" }), Has.Count.EqualTo(2));
    }

    private static Task<EnforcerHost> StartAsync() => EnforcerHost.StartAsync(options => options with { Keys = $"acme={Key}" });

    private static async Task<HoldRow> HeldAsync(EnforcerHost host, ChangeSubscription changes)
    {
        var held = await changes.ReadAllAsync(default).FirstAsync(change => change.Kind == ChangeKind.Held);
        return host.Approvals.Find(held.Id)!;
    }

    private ServiceProvider Govern(EnforcerHost host, Action<ThothOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(new ThothEnvironment(_ => null));
        services.AddThoth(options =>
        {
            options.ApiUrl = host.Url;
            options.ApiKey = Key;
            options.TenantId = "acme";
            options.AgentId = "agent";
            options.StepUp.PollInterval = TimeSpan.FromMilliseconds(250);
            configure?.Invoke(options);
        });
        services.AddSingleton<IBankTools>(_bank);
        services.AddGovernedTools<IBankTools>();
        return services.BuildServiceProvider();
    }
}
