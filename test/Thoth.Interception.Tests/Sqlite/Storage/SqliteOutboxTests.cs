using Thoth.Interception.Sqlite;
using Thoth.Interception.Sqlite.Storage;
using Thoth.Interception.Tests.Sqlite.Support;

namespace Thoth.Interception.Tests.Sqlite.Storage;

public class SqliteOutboxTests
{
    private readonly OutboxFolder _folder = new();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public async Task AppendAsync_ManyCallers_KeepsAllInEachCallersOrder()
    {
        await using var outbox = _folder.Open();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await outbox.AppendAsync(OutboxFolder.Entry((caller * 1000) + i, session: $"{caller}"));
            }
        })));

        var waiting = await outbox.ReadPendingAsync(0, 10_000);
        Assert.That(outbox.Status.Waiting, Is.EqualTo(1600));
        Assert.That(waiting.Select(e => e.Sequence), Is.EqualTo(Enumerable.Range(1, 1600)));
        var sessions = _folder.Read("SELECT session_id FROM records ORDER BY sequence");
        foreach (var session in waiting.Zip(sessions).GroupBy(e => e.Second))
        {
            var first = int.Parse(session.Key) * 1000;
            Assert.That(
                session.Select(e => e.First.Json.ToArray()), Is.EqualTo(Enumerable.Range(first, 100).Select(n => OutboxFolder.Entry(n).Json.ToArray())));
        }

        Assert.That(OutboxVerifier.Verify(_folder.Path), Has.Property("IsIntact").True.And.Property("Count").EqualTo(1600));
    }

    [Test]
    public async Task Append_AfterACommitWithAnUnknownResult_WritesNothingTwice()
    {
        await _folder.FillAsync(3);
        var file = new OutboxFile(_folder.Path, OutboxSync.Full, _folder.Time, _folder.Log);
        using var store = new OutboxStore(file.Open(check: false), new SqliteOutboxOptions(), _folder.Time);
        store.DoubtAfter(1);

        store.Begin();
        for (var n = 2; n <= 4; n++)
        {
            Assert.That(store.Append(OutboxFolder.Entry(n)), Is.True);
        }

        store.Commit();

        Assert.That(store.ReadPending(0, 10).Select(e => e.Json.ToArray()), Is.EqualTo(Enumerable.Range(1, 4).Select(n => OutboxFolder.Entry(n).Json.ToArray())));
        Assert.That(OutboxVerifier.Verify(_folder.Path).IsIntact, Is.True);
    }

    [Test]
    public async Task AppendAsync_BesideAReadThatFails_TellsTruthfullyWhatWasWritten()
    {
        await using var outbox = _folder.Open();
        await outbox.AppendAsync(OutboxFolder.Entry(1));
        _folder.Run("ALTER TABLE records RENAME COLUMN json TO unknown");
        Task read;
        Task<long>[] appends;
        using (_folder.Lock())
        {
            // The first keeps the writer busy while the others come to be one group.
            var first = outbox.AppendAsync(OutboxFolder.Entry(2));
            read = outbox.ReadPendingAsync(0, 10);
            appends = [first, outbox.AppendAsync(OutboxFolder.Entry(3))];
        }

        await Assert.ThrowsAsync<OutboxException>(() => read);
        _folder.Run("ALTER TABLE records RENAME COLUMN unknown TO json");
        for (var i = 0; i < appends.Length; i++)
        {
            await ((Task)appends[i]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (appends[i].IsFaulted)
            {
                await outbox.AppendAsync(OutboxFolder.Entry(i + 2));
            }
        }

        Assert.That(_folder.Read("SELECT event_id FROM records"), Is.EquivalentTo([OutboxFolder.Id(1), OutboxFolder.Id(2), OutboxFolder.Id(3)]));
    }

    [Test]
    public async Task AppendAsync_Closed_FailsTyped()
    {
        var outbox = _folder.Open();
        await outbox.DisposeAsync();
        await outbox.DisposeAsync();

        var exception = await Assert.ThrowsAsync<OutboxException>(() => outbox.AppendAsync(OutboxFolder.Entry(1)));

        Assert.That(exception!.Failure, Is.EqualTo(OutboxFailure.Closed));
    }

    [Test]
    public async Task Open_AfterClosing_StillHasWhatWaits()
    {
        await _folder.FillAsync(3);

        await using var outbox = _folder.Open();
        await outbox.AppendAsync(OutboxFolder.Entry(4));

        Assert.That(outbox.Status.Waiting, Is.EqualTo(4));
        Assert.That(await outbox.ReadPendingAsync(2, 10), Has.Count.EqualTo(2));
        Assert.That(OutboxVerifier.Verify(_folder.Path).IsIntact, Is.True);
    }

    [Test]
    public async Task MarkSentAsync_WithoutRetention_DeletesFromTheOldestOnWithoutAGap()
    {
        await _folder.FillAsync(5);
        await using var outbox = _folder.Open();

        Assert.That((await outbox.MarkSentAsync(2, 3), await outbox.MarkSentAsync(3, 3)), Is.EqualTo((2, 0)), "marked");
        Assert.That(OutboxVerifier.Verify(_folder.Path).Count, Is.EqualTo(5), "the first one still waits");
        await outbox.MarkSentAsync(1, 1);

        Assert.That(outbox.Status.Waiting, Is.EqualTo(2));
        Assert.That((await outbox.ReadPendingAsync(0, 10)).Select(e => e.Sequence), Is.EqualTo([4, 5]));
        Assert.That(
            OutboxVerifier.Verify(_folder.Path),
            Has.Property("IsIntact").True.And.Property("Count").EqualTo(2).And.Property("Deleted").EqualTo(3));
    }

    [Test]
    public async Task MarkSentAsync_WithRetention_KeepsSentEventsForThatTime()
    {
        var options = new SqliteOutboxOptions { Retention = TimeSpan.FromHours(1) };
        await _folder.FillAsync(3, options);
        await using var outbox = _folder.Open(options);
        await outbox.MarkSentAsync(1, 3);

        _folder.Time.Advance(TimeSpan.FromMinutes(59));
        await outbox.AppendAsync(OutboxFolder.Entry(4));
        Assert.That(OutboxVerifier.Verify(_folder.Path).Count, Is.EqualTo(4));

        _folder.Time.Advance(TimeSpan.FromMinutes(2));
        await outbox.AppendAsync(OutboxFolder.Entry(5));

        Assert.That(OutboxVerifier.Verify(_folder.Path), Has.Property("IsIntact").True.And.Property("Count").EqualTo(2));
    }

    [Test]
    public async Task AppendAsync_FullAndRefusing_FailsTypedUntilSomethingWasSent()
    {
        await using var outbox = _folder.Open(new SqliteOutboxOptions { MaxBytes = 1024 * 1024 });
        var large = Enumerable.Range(1, 200).Select(n => OutboxFolder.Entry(n, size: 10_000)).ToList();

        var exception = await Assert.ThrowsAsync<OutboxException>(() => outbox.AppendAsync(large));

        Assert.That(exception!.Failure, Is.EqualTo(OutboxFailure.NoRoom));
        Assert.That(exception.Written, Is.EqualTo(outbox.Status.Waiting).And.InRange(60, 105));
        Assert.That(new FileInfo(_folder.Path).Length, Is.LessThanOrEqualTo(1024 * 1024));
        Assert.That((outbox.Status.Dropped, outbox.Status.IsWritable), Is.EqualTo((0, false)));
        Assert.That(_folder.Log.Messages, Has.One.Contains("is full"));

        await outbox.MarkSentAsync(1, 20);
        await outbox.AppendAsync(large[^1]);
        Assert.That(outbox.Status.IsWritable, Is.True);
        Assert.That(OutboxVerifier.Verify(_folder.Path).IsIntact, Is.True);
    }

    [Test]
    public async Task AppendAsync_FullAndDroppingOldest_CountsWhatMadeRoom()
    {
        var options = new SqliteOutboxOptions { MaxBytes = 1024 * 1024, FullMode = OutboxFullMode.DropOldest };
        await using var outbox = _folder.Open(options);

        await outbox.AppendAsync([.. Enumerable.Range(1, 500).Select(n => OutboxFolder.Entry(n, size: 5_000))]);

        var waiting = await outbox.ReadPendingAsync(0, 1000);
        Assert.That(outbox.Status.Dropped, Is.Positive);
        Assert.That(outbox.Status.Dropped + outbox.Status.Waiting, Is.EqualTo(500));
        Assert.That(waiting, Has.Count.EqualTo(outbox.Status.Waiting));
        Assert.That(waiting[^1].Sequence, Is.EqualTo(500));
        Assert.That(await outbox.MarkSentAsync(1, 1), Is.Zero, "a dropped event cannot be sent too");
        Assert.That(OutboxVerifier.Verify(_folder.Path).IsIntact, Is.True);
        Assert.That(_folder.Log.Text, Does.Contain("of its oldest events were dropped unsent"));
    }

    [Test]
    public async Task AppendAsync_FullAndARecordTakenAway_MakesRoomAndLeavesTheGapToBeSeen()
    {
        var options = new SqliteOutboxOptions { MaxBytes = 1024 * 1024, FullMode = OutboxFullMode.DropOldest };
        OutboxEntry[] Entries(int first, int count) => [.. Enumerable.Range(first, count).Select(n => OutboxFolder.Entry(n, size: 2_000))];
        await using (var before = _folder.Open(options))
        {
            await before.AppendAsync(Entries(1, 300));
        }

        // The last of those that make room together.
        _folder.Run("DELETE FROM records WHERE sequence = 256");
        await using var outbox = _folder.Open(options);

        await outbox.AppendAsync(Entries(301, 300));

        Assert.That((outbox.Status.Dropped, outbox.Status.Dropped + outbox.Status.Waiting), Is.EqualTo((255L, 599L)));
        Assert.That(OutboxVerifier.Verify(_folder.Path).FirstBroken, Is.EqualTo(new BrokenRecord { Sequence = 256, Problem = RecordProblem.Missing }));
    }

    [Test]
    public async Task AppendAsync_FullOfKeptEvents_DeletesThemBeforeTheirTime()
    {
        var options = new SqliteOutboxOptions { MaxBytes = 1024 * 1024, Retention = TimeSpan.FromDays(1) };
        await using var outbox = _folder.Open(options);

        for (var n = 1; n <= 300; n++)
        {
            await outbox.AppendAsync(OutboxFolder.Entry(n, size: 10_000));
            await outbox.MarkSentAsync(n, n);
        }

        Assert.That(OutboxVerifier.Verify(_folder.Path), Has.Property("IsIntact").True.And.Property("Deleted").Positive);
        Assert.That(outbox.Status.Dropped, Is.Zero);
    }
}
