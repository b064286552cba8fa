using Microsoft.Extensions.Logging.Abstractions;
using Thoth.Interception.Events.Outbox;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Sqlite;
using Thoth.Interception.Tests.Sqlite.Support;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Tests.Events.Outbox;

public class SpoolerTests
{
    private readonly OutboxFolder _folder = new();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public async Task Add_MarkAheadOfAnEventWithoutRoom_IsToldTheRecordBefore()
    {
        await using var outbox = _folder.Open(new SqliteOutboxOptions { MaxBytes = 1024 * 1024 });
        var places = new CapacityLimiter(10, TimeProvider.System);
        var spooler = new Spooler(outbox, new EventCounters("test"), places, TimeProvider.System, NullLogger.Instance, static _ => { });
        var mark = SpoolItem.Mark();
        var large = SpoolItem.For(EventSamples.New(context: new EnforcementContext
        {
            TenantId = "acme",
            AgentId = "agent",
            SessionId = new string('x', 2_000_000),
            EnforcementTraceId = "t",
        }));

        spooler.Add(SpoolItem.For(EventSamples.New()));
        spooler.Add(mark);
        spooler.Add(large);

        Assert.That(await mark.Written!.Task, Is.EqualTo(1), "what waits for 0 waits for nothing");
        await spooler.CloseAsync();
    }
}
