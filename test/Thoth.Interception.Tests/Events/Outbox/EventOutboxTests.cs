using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Tests.Sqlite.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events.Outbox;

/// <summary>An outbox of another package, registered with <c>UseEventOutbox</c>.</summary>
public class EventOutboxTests
{
    private const int OutboxFailed = 34;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly WorkTools _work = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger _logger = new(LogLevel.Error);
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
    public async Task Flush_RecoveredRecordsCannotBeReadAtFirst_SendsWhenTheyCan()
    {
        var (reads, hasOpened) = (0, false);
        var outbox = new MemoryOutbox
        {
            OnRecoveredEvents = () => Volatile.Read(ref hasOpened) ? 0 : null,
            OnRecoveredUpTo = () => Interlocked.Increment(ref reads) <= 3 ? throw new IOException("a secret") : 0,
        };
        await using var services = OnFakeTime(outbox);
        await services.GetRequiredService<IWorkTools>().WorkAsync(1);
        var readsBefore = Volatile.Read(ref reads);

        Volatile.Write(ref hasOpened, true);
        var flush = services.GetRequiredService<IEventPipeline>().FlushAsync();
        await Eventually.TrueAsync(
            () => Volatile.Read(ref reads) > 3, "the number is read again after a failure", () => _time.Advance(TimeSpan.FromSeconds(1)));
        await flush.WaitAsync(s_limit);

        Assert.That(readsBefore, Is.Zero, "the number is not valid before the store is open");
        Assert.That((outbox.Unsent, OutboxHost.EventsAt(_server).Length), Is.EqualTo((0, 3)));
        AssertLogged("read", 1);
    }

    [TestCase(0)]
    [TestCase(-1)]
    public async Task Call_NothingIsCommittedAndNothingThrown_IsRefusedWithoutSpinning_AndRunsLater(int committed)
    {
        var appends = 0;
        var outbox = new MemoryOutbox { CommitsBeforeExecution = true };
        outbox.OnAppend = count =>
        {
            Interlocked.Increment(ref appends);
            return count == 0 ? 0 : committed;
        };
        await using var services = OnFakeTime(outbox);
        var tools = services.GetRequiredService<IWorkTools>();

        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(() => tools.WorkAsync(1).WaitAsync(s_limit));
        await Eventually.YieldAsync(1000, () => Volatile.Read(ref appends) > 10);
        var attempts = Volatile.Read(ref appends);
        outbox.OnAppend = static count => count;
        await tools.WorkAsync(2).WaitAsync(s_limit);

        Assert.That(refusal!.InnerException, Is.TypeOf<InvalidOperationException>().With.Message.Contains("AppendAsync must throw"));
        Assert.That(attempts, Is.InRange(1, 10), "the next attempt waits for the clock or for a call");
        Assert.That(_work.Runs, Is.EqualTo(1));
        AssertLogged("written", 1);
    }

    [Test]
    public async Task Flush_NewestSequenceNumberCannotBeRead_WaitsUntilItCan_AndNothingIsWrittenTwice()
    {
        var reads = 0;
        var outbox = new MemoryOutbox
        {
            CommitsBeforeExecution = true,
            OnLastSequence = sequence => Interlocked.Increment(ref reads) <= 6 ? throw new IOException("a secret") : sequence,
        };
        await using var services = OnFakeTime(outbox);
        await services.GetRequiredService<IWorkTools>().WorkAsync(1).WaitAsync(s_limit);

        var flush = services.GetRequiredService<IEventPipeline>().FlushAsync();
        await Eventually.TrueAsync(
            () => Volatile.Read(ref reads) > 6, "the number is read again after a failure", () => _time.Advance(TimeSpan.FromSeconds(1)));
        await flush.WaitAsync(s_limit);

        Assert.That(outbox.Phases, Is.EqualTo(["session", "pre", "decision", "post"]));
        Assert.That(outbox.Unsent, Is.Zero);
        AssertLogged("read", 1);
    }

    [Test]
    public async Task Dispose_OutboxThrows_IsLogged_AndEventsThatWaitAreDropped()
    {
        var outbox = new MemoryOutbox { Capacity = 0, OnDispose = static () => throw new IOException("a secret") };
        var services = OnFakeTime(outbox);
        await services.GetRequiredService<IWorkTools>().WorkAsync(1);
        var pipeline = services.GetRequiredService<IEventPipeline>();

        await services.DisposeAsync().AsTask().WaitAsync(s_limit);
        await pipeline.FlushAsync().WaitAsync(s_limit);

        Assert.That(pipeline.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 3, DroppedClosed = 3 }));
        AssertLogged("closed", 1);
    }

    [TestCase(1000, 3)]
    [TestCase(-1, 0)]
    public async Task Flush_CountOfMarkedEventsIsWrong_CountsNoMoreThanWereSent(int marked, int sent)
    {
        var outbox = new MemoryOutbox { OnMarkSent = _ => marked };
        await using var services = OnFakeTime(outbox);

        await services.GetRequiredService<IWorkTools>().WorkAsync(1);
        await services.GetRequiredService<IEventPipeline>().FlushAsync().WaitAsync(s_limit);

        Assert.That(services.GetRequiredService<IEventPipeline>().Statistics.Sent, Is.EqualTo(sent));
    }

    [Test]
    public void Resolve_NoApiUrl_Fails()
    {
        using var services = Services(new MemoryOutbox(), options => options.ApiUrl = null);

        Assert.That(
            () => services.GetRequiredService<IOptions<ThothOptions>>().Value,
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("remove the outbox"));
    }

    private void AssertLogged(string operation, int times)
    {
        var entries = _logger.Entries.Where(entry => entry.Id == OutboxFailed && entry.Message.Contains($"be {operation}: ")).ToList();
        Assert.That(entries, Has.Count.EqualTo(times));
        Assert.That(_logger.Text, Does.Not.Contain("secret"));
    }

    private ServiceProvider OnFakeTime(MemoryOutbox outbox) => Services(outbox, time: _time);

    private ServiceProvider Services(MemoryOutbox outbox, Action<ThothOptions>? configure = null, TimeProvider? time = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddLogging(logging => logging.AddProvider(_logger));
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
