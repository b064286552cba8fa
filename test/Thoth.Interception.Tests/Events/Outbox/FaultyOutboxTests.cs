using Thoth.Interception.Events.Outbox;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Tests.Sqlite.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events.Outbox;

/// <summary>An outbox of another package that throws or returns what its contract forbids.</summary>
public class FaultyOutboxTests
{
    private ContractServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await ContractServer.StartAsync();

    [TearDown]
    public async Task CleanAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Flush_RecoveredRecordsCannotBeReadAtFirst_SendsWhenTheyCan()
    {
        var (reads, hasOpened) = (0, false);
        await using var host = OnMachineTime(new MemoryOutbox
        {
            OnRecoveredEvents = () => Volatile.Read(ref hasOpened) ? 0 : null,
            OnRecoveredUpTo = () => Interlocked.Increment(ref reads) <= 3 ? throw new IOException("a secret") : 0,
        });
        await host.CallAsync();
        var readsBefore = Volatile.Read(ref reads);

        Volatile.Write(ref hasOpened, true);
        await host.FlushAsync();

        Assert.That(readsBefore, Is.Zero, "the number is not valid before the store is open");
        Assert.That((host.Outbox.Unsent, OutboxHost.EventsAt(_server).Length), Is.EqualTo((0, 3)));
        Assert.That(host.Logged("read"), Is.EqualTo(1));
    }

    [Test]
    public async Task Flush_NumberOfRecoveredRecordsIsTooLarge_SendsEveryLaterEvent()
    {
        await using var host = OnMachineTime(new MemoryOutbox { OnRecoveredUpTo = static () => long.MaxValue });

        for (var calls = 0; calls < 3; calls++)
        {
            await host.CallAsync();
            await host.FlushAsync();
        }

        Assert.That((host.Outbox.Unsent, OutboxHost.EventsAt(_server).Length), Is.EqualTo((0, 7)));
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
        await using var host = new MemoryOutboxHost(_server, outbox);

        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(host.CallAsync);
        await Eventually.YieldAsync(1000, () => Volatile.Read(ref appends) > 10);
        var attempts = Volatile.Read(ref appends);
        outbox.OnAppend = static count => count;
        await host.CallAsync();

        Assert.That(refusal!.InnerException, Is.TypeOf<InvalidOperationException>().With.Message.Contains("AppendAsync must throw"));
        Assert.That(attempts, Is.InRange(1, 10), "the next attempt waits for the clock or for a call");
        Assert.That(host.Work.Runs, Is.EqualTo(1));
        Assert.That(host.Logged("written"), Is.EqualTo(1));
    }

    [Test]
    public async Task Flush_MoreIsCommittedThanWasGiven_CountsWhatWasGiven()
    {
        var outbox = new MemoryOutbox();
        await using var host = new MemoryOutboxHost(_server, outbox);
        outbox.OnAppend = static count => count == 0 ? 0 : int.MaxValue;

        await host.CallAsync();
        await host.FlushAsync();

        Assert.That(host.Pipeline.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 3, Spooled = 3, Sent = 3 }));
    }

    [Test]
    public async Task Flush_NewestSequenceNumberCannotBeRead_WaitsUntilItCan_AndNothingIsWrittenTwice()
    {
        var reads = 0;
        await using var host = OnMachineTime(new MemoryOutbox
        {
            CommitsBeforeExecution = true,
            OnLastSequence = sequence => Interlocked.Increment(ref reads) <= 4 ? throw new IOException("a secret") : sequence,
        });

        await host.CallAsync();
        await host.FlushAsync();

        Assert.That(reads, Is.GreaterThan(4));
        Assert.That(host.Outbox.Phases, Is.EqualTo(["session", "pre", "decision", "post"]));
        Assert.That(host.Outbox.Unsent, Is.Zero);
        Assert.That(host.Logged("read"), Is.EqualTo(1));
    }

    [TestCase(1000, 3)]
    [TestCase(-1, 0)]
    public async Task Flush_CountOfMarkedEventsIsWrong_CountsNoMoreThanWereSent(int marked, int sent)
    {
        await using var host = new MemoryOutboxHost(_server, new MemoryOutbox { OnMarkSent = _ => marked });

        await host.CallAsync();
        await host.FlushAsync();

        Assert.That(host.Pipeline.Statistics.Sent, Is.EqualTo(sent));
    }

    [Test]
    public async Task Flush_EventsCannotBeMarkedAtFirst_SendsThemOnce_AndLogsOnce()
    {
        var marks = 0;
        await using var host = OnMachineTime(new MemoryOutbox
        {
            Before = member => member == nameof(IEventOutbox.MarkSentAsync) && Interlocked.Increment(ref marks) <= 2
                ? throw new IOException("a secret") : Task.CompletedTask,
        });

        await host.CallAsync();
        await host.FlushAsync();

        Assert.That((host.Outbox.Unsent, OutboxHost.EventsAt(_server).Length), Is.EqualTo((0, 3)));
        Assert.That((host.Pipeline.Statistics.Sent, host.Logged("updated")), Is.EqualTo((3, 1)));
    }

    [Test]
    public async Task Flush_EventsAreReadTwice_SendsNoneUntilTheyAreInOrder()
    {
        var outbox = new MemoryOutbox();
        await using var host = new MemoryOutboxHost(_server, outbox);
        outbox.OnRead = static events => Task.FromResult<IReadOnlyList<PendingEvent>>([.. events, .. events]);
        await host.CallAsync();

        var flush = host.FlushAsync();
        await Eventually.TrueAsync(() => host.Logged("read") > 0, "the failure is logged");
        var sent = _server.Events.Count;
        outbox.OnRead = Task.FromResult;
        await host.FlushAsync();
        await flush;

        Assert.That((sent, OutboxHost.EventsAt(_server).Length, host.Logged("read")), Is.EqualTo((0, 3, 1)));
    }

    [Test]
    public async Task Flush_MoreEventsAreReadThanAskedFor_SendsEachOnceInFullBatches()
    {
        await using var host = new MemoryOutboxHost(_server, new MemoryOutbox { IgnoresLimit = true });
        for (var calls = 0; calls < 20; calls++)
        {
            await host.CallAsync();
        }

        await host.FlushAsync();

        var ids = OutboxHost.EventsAt(_server).Select(e => e.GetProperty("event_id").GetString());
        Assert.That(ids, Is.Unique.And.Exactly(41).Items);
        Assert.That(_server.Events.Select(request => request.Json.GetArrayLength()), Is.All.LessThanOrEqualTo(10));
    }

    [Test]
    public async Task Statistics_TotalOfDroppedEventsFalls_CountsEachEventOnce()
    {
        var totals = new Queue<long>([0, 2, -5, 2, 3]);
        var dropped = 0L;
        await using var host = new MemoryOutboxHost(_server, new MemoryOutbox
        {
            OnRecoveredEvents = static () => -7,
            OnDroppedEvents = () => dropped = totals.TryDequeue(out var total) ? total : dropped,
        });
        await host.CallAsync();
        for (var reads = 0; reads < 6; reads++)
        {
            _ = host.Pipeline.Statistics;
        }

        Assert.That(host.Pipeline.Statistics, Has.Property("DroppedQueueFull").EqualTo(3).And.Property("Recovered").Zero.And.Property("Enqueued").EqualTo(3));
    }

    [Test]
    public async Task IsWritable_Throws_IsFalse_AndLogsOnce()
    {
        await using var host = new MemoryOutboxHost(_server, new MemoryOutbox { OnIsWritable = static _ => throw new IOException("a secret") });
        await host.CallAsync();
        var queue = ((EventPipeline)host.Pipeline).Queues.OfType<OutboxSinkQueue>().Single();

        for (var reads = 0; reads < 3; reads++)
        {
            Assert.That(queue.IsWritable, Is.False);
            _ = host.Pipeline.Statistics;
        }

        Assert.That(host.Logged("read"), Is.EqualTo(1));
    }

    [Test]
    public async Task Dispose_OutboxThrows_IsLogged_AndEventsThatWaitAreDropped()
    {
        var host = new MemoryOutboxHost(_server, new MemoryOutbox { Capacity = 0, OnDispose = static () => throw new IOException("a secret") });
        await host.CallAsync();

        await host.DisposeAsync();
        await host.FlushAsync();

        Assert.That(host.Pipeline.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 3, DroppedClosed = 3 }));
        Assert.That((host.Logged("written"), host.Logged("closed")), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Call_EventsAreCommittedDuringARead_WakeTheForwarderForAFullBatch()
    {
        var outbox = new MemoryOutbox { CommitsBeforeExecution = true };
        await using var host = new MemoryOutboxHost(_server, outbox);
        var full = false;
        var partial = false;
        outbox.OnRead = async events =>
        {
            // Three calls commit at least five events and at most seven: too few to wake the forwarder, which is reading anyway.
            if ((!full && events.Count == 10) || (full && !partial && events.Count is > 0 and < 10))
            {
                (full, partial) = (true, full);
                for (var calls = 0; calls < 3; calls++)
                {
                    await host.CallAsync();
                }
            }

            return events;
        };

        for (var calls = 0; calls < 6; calls++)
        {
            await host.CallAsync();
        }

        await Eventually.TrueAsync(() => partial && OutboxHost.EventsAt(_server).Length >= 20, "a full batch is sent while the clock stands still");
    }

    [Test]
    public async Task Flush_NoFlushInterval_TheForwarderSleepsAfterwards()
    {
        var reads = 0;
        await using var host = OnMachineTime(
            new MemoryOutbox
            {
                Before = member =>
                {
                    _ = member == nameof(IEventOutbox.ReadPendingAsync) ? Interlocked.Increment(ref reads) : 0;
                    return Task.CompletedTask;
                },
            },
            TimeSpan.Zero);
        await host.CallAsync();
        await host.FlushAsync();

        await Eventually.YieldAsync(10_000, () => Volatile.Read(ref reads) > 100);

        Assert.That(reads, Is.LessThanOrEqualTo(100));
        Assert.That(host.Pipeline.Statistics.Sent, Is.EqualTo(3));
    }

    private MemoryOutboxHost OnMachineTime(MemoryOutbox outbox, TimeSpan? flushInterval = null) =>
        new(_server, outbox, options => options.FlushInterval = flushInterval ?? TimeSpan.FromMilliseconds(20), TimeProvider.System);
}
