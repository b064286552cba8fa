using Thoth.Interception.Events.Queue;
using Thoth.Interception.Tests.Sqlite.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events.Outbox;

/// <summary>An outbox of another package with a member that does not return until the test ends.</summary>
public class HangingOutboxTests
{
    private readonly ManualResetEventSlim _release = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ContractServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await ContractServer.StartAsync();

    [TearDown]
    public async Task CleanAsync()
    {
        Release();
        await _server.DisposeAsync();
        _release.Dispose();
    }

    [Test]
    public async Task Dispose_MemberNeverReturns_EndsWithTheDrainTimeout_AndCountsEveryEvent(
        [Values("AppendAsync", "ReadPendingAsync", "MarkSentAsync")] string member, [Values] bool blocksThread)
    {
        var host = new MemoryOutboxHost(_server, new MemoryOutbox { Before = name => name == member ? HangAsync(blocksThread) : Task.CompletedTask });
        await host.CallAsync();
        var flush = host.FlushAsync();
        await _entered.Task.WaitAsync(MemoryOutboxHost.Limit);

        await Eventually.TrueAsync(() => member == "AppendAsync" || host.Pipeline.Statistics.Spooled == 3, "the events are written");
        await host.DisposeInTimeAsync();
        await flush;
        ((EventPipeline)host.Pipeline).Enqueue(EventSamples.New());

        var expected = member == "AppendAsync"
            ? new EventStatistics { Enqueued = 4, DroppedClosed = 4 }
            : new EventStatistics { Enqueued = 4, Spooled = 3, Waiting = 3, DroppedClosed = 1 };
        Assert.That(host.Pipeline.Statistics, Is.EqualTo(expected));
        Assert.That(host.Logged("closed"), Is.EqualTo(1));
        Assert.That(host.Outbox.IsDisposed, Is.False, "it is not disposed while one of its methods runs");
        Release();
        await Eventually.TrueAsync(() => host.Outbox.IsDisposed, "the outbox is disposed when its method has returned");
        Assert.That(host.Pipeline.Statistics.DroppedClosed, Is.EqualTo(expected.DroppedClosed), "no event is counted again");
    }

    [Test]
    public async Task Dispose_DisposalOfTheOutboxNeverReturns_EndsWithTheDrainTimeout([Values] bool blocksThread)
    {
        var host = new MemoryOutboxHost(
            _server, new MemoryOutbox { Before = name => name == "DisposeAsync" ? HangAsync(blocksThread) : Task.CompletedTask });
        await host.CallAsync();
        await host.FlushAsync();

        await host.DisposeInTimeAsync();

        Assert.That(host.Pipeline.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 3, Spooled = 3, Sent = 3 }));
        Assert.That(host.Logged("closed"), Is.EqualTo(1));
    }

    [Test]
    public async Task Dispose_CallWaitsForARecordThatIsNeverCommitted_IsRefused()
    {
        var host = new MemoryOutboxHost(_server, new MemoryOutbox
        {
            CommitsBeforeExecution = true,
            Before = name => name == "AppendAsync" ? HangAsync(blocksThread: false) : Task.CompletedTask,
        });
        var call = host.CallAsync();
        await _entered.Task.WaitAsync(MemoryOutboxHost.Limit);

        await host.DisposeInTimeAsync();

        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(() => call);
        Assert.That(refusal!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.EvidenceNotRecorded));
        Assert.That(host.Work.Runs, Is.Zero);
        Assert.That(host.Pipeline.Statistics, Has.Property("Waiting").Zero.And.Property("DroppedClosed").EqualTo(host.Pipeline.Statistics.Enqueued));
    }

    [Test]
    public async Task Dispose_NoDrainTimeout_TheOutboxStillWritesWhatWaits()
    {
        var host = new MemoryOutboxHost(_server, new MemoryOutbox(), options => options.DrainTimeout = TimeSpan.Zero);
        await host.CallAsync();

        await host.DisposeAsync();

        Assert.That((host.Outbox.IsDisposed, host.Pipeline.Statistics.Spooled), Is.EqualTo((true, 3)));
    }

    private async Task HangAsync(bool blocksThread)
    {
        _entered.TrySetResult();
        if (blocksThread)
        {
            _release.Wait(CancellationToken.None);
        }

        await _released.Task;
    }

    private void Release()
    {
        _release.Set();
        _released.TrySetResult();
    }
}
