using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Tests.Sqlite.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events.Outbox;

/// <summary>An outbox of another package, registered with <c>UseEventOutbox</c>.</summary>
public class EventOutboxTests
{
    private readonly WorkTools _work = new();
    private ContractServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await ContractServer.StartAsync();

    [TearDown]
    public async Task CleanAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Call_CommitsBeforeExecution_IsStoredThenSentThenMarked()
    {
        var outbox = new MemoryOutbox { CommitsBeforeExecution = true };
        await using var services = Services(outbox);
        IReadOnlyList<string> before = [];
        _work.During = () =>
        {
            before = outbox.Phases;
            return Task.CompletedTask;
        };

        await services.GetRequiredService<IWorkTools>().WorkAsync(1);
        await services.GetRequiredService<IEventPipeline>().FlushAsync();

        Assert.That(before, Is.EqualTo(["session", "pre", "decision"]));
        Assert.That(outbox.Phases, Is.EqualTo(["session", "pre", "decision", "post"]));
        Assert.That((outbox.Unsent, OutboxHost.EventsAt(_server).Length), Is.EqualTo((0, 3)));
        Assert.That(
            services.GetRequiredService<IEventPipeline>().Statistics, Is.EqualTo(new EventStatistics { Enqueued = 3, Spooled = 3, Sent = 3 }));
    }

    [Test]
    public async Task Call_NoRoom_IsRefusedWithTheCause_AndRunsWhenThereIsRoom()
    {
        var outbox = new MemoryOutbox { CommitsBeforeExecution = true, Capacity = 2 };
        await using var services = Services(outbox);
        var tools = services.GetRequiredService<IWorkTools>();

        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(() => tools.WorkAsync(1));
        outbox.Capacity = 100;
        await tools.WorkAsync(2);

        Assert.That(refusal!.InnerException, Is.TypeOf<IOException>().With.Message.EqualTo("no room"));
        Assert.That(_work.Runs, Is.EqualTo(1));
    }

    [Test]
    public async Task Dispose_DrainsAndDisposesTheOutbox()
    {
        var outbox = new MemoryOutbox();
        await using (var services = Services(outbox))
        {
            await services.GetRequiredService<IWorkTools>().WorkAsync(1);
        }

        Assert.That((outbox.IsDisposed, outbox.Phases, outbox.Unsent), Is.EqualTo((true, new[] { "session", "pre", "post" }, 0)));
    }

    [Test]
    public void Resolve_NoApiUrl_Fails()
    {
        using var services = Services(new MemoryOutbox(), options => options.ApiUrl = null);

        Assert.That(
            () => services.GetRequiredService<IOptions<ThothOptions>>().Value,
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("remove the outbox"));
    }

    private ServiceProvider Services(MemoryOutbox outbox, Action<ThothOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(new ThothEnvironment(_ => null));
        services.AddThoth(options =>
        {
            (options.TenantId, options.AgentId, options.ApiUrl, options.ApiKey) = ("acme", "agent", _server.Url, "key");
            configure?.Invoke(options);
        }).UseEnforcer(new ScriptedEnforcer()).UseEventOutbox(_ => outbox);
        services.AddSingleton<IWorkTools>(_work).AddGovernedTools<IWorkTools>();
        return services.BuildServiceProvider();
    }
}
