using Thoth.Interception.Sqlite;
using Thoth.Interception.Sqlite.Storage;
using Thoth.Interception.Tests.Sqlite.Support;

namespace Thoth.Interception.Tests.Sqlite.Storage;

public class OpenCallTests
{
    private readonly OutboxFolder _folder = new();
    private readonly List<OpenCall> _interrupted = [];

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public async Task Open_CallWithoutOutcome_GetsOneOnce()
    {
        await WriteAsync(
            OutboxFolder.Entry(1, "pre", "a"), OutboxFolder.Entry(2, "pre", "b"), OutboxFolder.Entry(3, "decision", "a"),
            OutboxFolder.Entry(4, "post", "b"), OutboxFolder.Entry(5, "session"));

        await using (var second = Open())
        {
            Assert.That(second.Status.Interrupted, Is.EqualTo(1));
            Assert.That(second.Status.Waiting, Is.EqualTo(5), "four events and the outcome; a decision is not posted");
        }

        await using var third = Open();

        Assert.That(third.Status.Interrupted, Is.Zero);
        Assert.That(_interrupted.Select(call => (call.AttestationId, call.SessionId)), Is.EqualTo([("a", "s")]));
        Assert.That(_interrupted[0].Json, Is.EqualTo(OutboxFolder.Entry(3).Json.ToArray()), "what was decided is known");
    }

    [Test]
    public async Task Open_CallWhosePreEventWasSentAndDeleted_GetsAnOutcome()
    {
        await using (var first = Open())
        {
            await first.AppendAsync(OutboxFolder.Entry(1, "pre", "a"));
            await first.MarkSentAsync(1, 1);
            Assert.That(OutboxVerifier.Verify(_folder.Path).Count, Is.Zero);
        }

        await using var second = Open();

        Assert.That(_interrupted.Single().Json, Is.EqualTo(OutboxFolder.Entry(1).Json.ToArray()));
    }

    [Test]
    public async Task Open_CallThatCannotBeRead_OpensNevertheless()
    {
        await WriteAsync(OutboxFolder.Entry(1, "pre", "a"), OutboxFolder.Entry(2, "pre", "b"));

        await using var outbox = _folder.Open(interrupt: call =>
            call.AttestationId == "a" ? throw new FormatException() : OutboxFolder.Entry(100, "error", call.AttestationId));

        Assert.That((outbox.Status.Interrupted, outbox.Status.IsWritable), Is.EqualTo((1, true)));
    }

    private SqliteOutbox Open() => _folder.Open(interrupt: call =>
    {
        _interrupted.Add(call);
        return OutboxFolder.Entry(100, "error", call.AttestationId);
    });

    private async Task WriteAsync(params OutboxEntry[] entries)
    {
        await using var outbox = Open();
        await outbox.AppendAsync(entries);
    }
}
