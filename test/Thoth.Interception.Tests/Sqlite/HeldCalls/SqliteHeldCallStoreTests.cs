using System.Text;
using Thoth.Interception.Sqlite;
using Thoth.Interception.Sqlite.HeldCalls;
using Thoth.Interception.Sqlite.Storage;
using Thoth.Interception.Tests.Sqlite.Support;

namespace Thoth.Interception.Tests.Sqlite.HeldCalls;

public class SqliteHeldCallStoreTests
{
    private const string Secret = "hold-token-that-must-not-be-readable";

    private readonly OutboxFolder _folder = new();

    private string KeyPath => _folder.Path + ".key";

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public async Task Entry_FileOpenedAgain_IsTheSame()
    {
        var entry = Entry("a") with { State = HeldCallState.Approved, ClaimedUntil = _folder.Time.GetUtcNow() };
        await using (var outbox = _folder.Open())
        {
            Assert.That(await StoreIn(outbox).AddAsync(entry, default), Is.SameAs(entry));
        }

        await using var again = _folder.Open();
        var read = (await StoreIn(again).GetAsync("a", default))!;

        Assert.That(read.Data.ToArray(), Is.EqualTo(entry.Data.ToArray()));
        Assert.That(read.ArgumentsHash.ToArray(), Is.EqualTo(entry.ArgumentsHash.ToArray()));
        Assert.That(read with { Data = entry.Data, ArgumentsHash = entry.ArgumentsHash }, Is.EqualTo(entry));
    }

    [Test]
    public async Task List_HasTheCallsOfASessionOrOfAll_OldestFirst()
    {
        await using var outbox = _folder.Open();
        var store = StoreIn(outbox);
        var now = _folder.Time.GetUtcNow();
        await store.AddAsync(Entry("late") with { HeldAt = now + TimeSpan.FromMinutes(1) }, default);
        await store.AddAsync(Entry("early") with { HeldAt = now }, default);
        await store.AddAsync(Entry("other") with { HeldAt = now + TimeSpan.FromMinutes(2), SessionId = "s2" }, default);

        Assert.That((await store.ListAsync("s1", default)).Select(entry => entry.Id), Is.EqualTo(["early", "late"]));
        Assert.That((await store.ListAsync(null, default)).Select(entry => entry.Id), Is.EqualTo(["early", "late", "other"]));
        await store.RemoveAsync("early", default);
        Assert.That((await store.ListAsync("s1", default)).Select(entry => entry.Id), Is.EqualTo(["late"]));
    }

    [Test]
    public async Task Replace_ManyAtOnce_OneSucceedsForEachVersion()
    {
        await using var outbox = _folder.Open();
        var store = StoreIn(outbox);
        await store.AddAsync(Entry("a"), default);
        for (var version = 1; version <= 20; version++)
        {
            var changed = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
                await store.TryReplaceAsync(Entry("a") with { Version = version, Reason = $"{i}" }, default))));
            Assert.That(changed.Count(succeeded => succeeded), Is.EqualTo(1));
        }

        Assert.That(await store.TryReplaceAsync(Entry("unknown") with { Version = 1 }, default), Is.False);
    }

    [Test]
    public async Task Files_HaveNoTokenReasonOrTool()
    {
        await using (var outbox = _folder.Open())
        {
            await StoreIn(outbox).AddAsync(Entry("a"), default);
            foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_folder.Path)!, "outbox.db*").Where(static file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var reader = new StreamReader(stream, Encoding.Latin1);
                var text = await reader.ReadToEndAsync();
                Assert.That(text, Does.Not.Contain(Secret).And.Not.Contain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))[..40]), file);
                Assert.That(text, Does.Not.Contain("the reason").And.Not.Contain("the_tool"), file);
            }
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(KeyPath), Is.EqualTo(OutboxFile.OwnerOnly));
        }

        Assert.That(new FileInfo(KeyPath).Length, Is.EqualTo(32));
        Assert.That(_folder.Log.Messages, Has.One.Contains(KeyPath));
    }

    [TestCase("UPDATE held_calls SET id = 'c' WHERE id = 'a'", "c", Description = "another id")]
    [TestCase("UPDATE held_calls SET entry = (SELECT entry FROM held_calls WHERE id = 'b') WHERE id = 'a'", "a", Description = "another call")]
    [TestCase("UPDATE held_calls SET version = 7 WHERE id = 'a'", "a", Description = "another version")]
    [TestCase("UPDATE held_calls SET entry = x'0102' WHERE id = 'a'", "a", Description = "cut")]
    public async Task Row_ThatWasChanged_IsNoHeldCall(string sql, string id)
    {
        await using (var outbox = _folder.Open())
        {
            await StoreIn(outbox).AddAsync(Entry("a"), default);
            await StoreIn(outbox).AddAsync(Entry("b"), default);
        }

        _folder.Run(sql);
        await using var again = _folder.Open();

        Assert.That(await StoreIn(again).GetAsync(id, default), Is.Null);
        Assert.That((await StoreIn(again).ListAsync(null, default)).Select(entry => entry.Id), Is.EqualTo(["b"]));
    }

    [Test]
    public async Task Key_Lost_CallsCannotBeReadUntilItIsRestored_AndGoLater()
    {
        await using (var outbox = _folder.Open())
        {
            await StoreIn(outbox).AddAsync(Entry("a"), default);
        }

        var key = await File.ReadAllBytesAsync(KeyPath);
        File.Delete(KeyPath);
        await using var again = _folder.Open();

        Assert.That(await StoreIn(again).ListAsync(null, default), Is.Empty);
        Assert.That(_folder.Log.Messages, Has.One.Contains("1 held calls in the Thoth outbox"));
        await File.WriteAllBytesAsync(KeyPath, key);
        Assert.That(await StoreIn(again).ListAsync(null, default), Has.Count.EqualTo(1));
        File.Delete(KeyPath);
        _folder.Time.Advance(TimeSpan.FromDays(31));
        await StoreIn(again).ListAsync(null, default);
        await File.WriteAllBytesAsync(KeyPath, key);
        Assert.That(await StoreIn(again).ListAsync(null, default), Is.Empty, "an expired call is not kept without end");
    }

    [Test]
    public async Task Key_ThatIsNone_RefusesHeldCallsAndNotEvents()
    {
        await File.WriteAllTextAsync(KeyPath, "short");
        await using var outbox = _folder.Open();

        var exception = await Assert.ThrowsAsync<OutboxException>(async () => await StoreIn(outbox).AddAsync(Entry("a"), default));

        Assert.That((exception!.Failure, exception.Message), Is.EqualTo((
            OutboxFailure.Unreadable,
            $"The key file '{KeyPath}' does not have 32 bytes. Restore it, or delete it: calls that are held then cannot be resumed.")));
        await outbox.AppendAsync(OutboxFolder.Entry(1));
    }

    [Test]
    public async Task FullFile_RefusesANewCallAndKeepsChanging()
    {
        var options = new SqliteOutboxOptions { MaxBytes = 1024 * 1024 };
        await using var outbox = _folder.Open(options);
        var store = StoreIn(outbox);
        await store.AddAsync(Entry("a"), default);
        await Assert.ThrowsAsync<OutboxException>(async () =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                await outbox.AppendAsync(OutboxFolder.Entry(i, size: 4_000));
            }
        });

        var exception = await Assert.ThrowsAsync<OutboxException>(async () => await store.AddAsync(Entry("b") with { Reason = new string('x', 4_000) }, default));

        Assert.That(exception!.Failure, Is.EqualTo(OutboxFailure.NoRoom));
        Assert.That(await store.TryReplaceAsync(Entry("a") with { Version = 1, State = HeldCallState.Used }, default), Is.True, "an approval must be used up");
    }

    [Test]
    public async Task FileOfVersion1_IsUpgraded()
    {
        await _folder.FillAsync(3);
        _folder.Run("DROP TABLE held_calls; PRAGMA user_version = 1");

        await using (var outbox = _folder.Open())
        {
            await StoreIn(outbox).AddAsync(Entry("a"), default);
            Assert.That(outbox.Status.Waiting, Is.EqualTo(3));
        }

        Assert.That(OutboxVerifier.Verify(_folder.Path).IsIntact);
        Assert.That(_folder.Read("SELECT id FROM held_calls"), Is.EqualTo(["a"]));
    }

    [Test]
    public async Task FileOfALaterVersion_IsRefused()
    {
        await _folder.FillAsync(1);
        _folder.Run("PRAGMA user_version = 3");

        Assert.That(() => _folder.Open(), Throws.TypeOf<OutboxException>().With.Message.Contains("another version"));
    }

    [TestCase(HeldCallState.Pending, 0)]
    [TestCase(HeldCallState.Approved, 0)]
    [TestCase(HeldCallState.Used, 1)]
    public async Task OpenCall_ThatIsHeld_IsNotInterrupted(HeldCallState state, int interrupted)
    {
        await using (var outbox = _folder.Open())
        {
            await outbox.AppendAsync([OutboxFolder.Entry(1, "pre", "att-a"), OutboxFolder.Entry(2, "held", "att-a"), OutboxFolder.Entry(3, "resumed", "att-a")]);
            await StoreIn(outbox).AddAsync(Entry("a") with { State = state }, default);
        }

        await using var again = _folder.Open(interrupt: call => OutboxFolder.Entry(100, "error", call.AttestationId));

        Assert.That(again.Status.Interrupted, Is.EqualTo(interrupted));
    }

    private SqliteHeldCallStore StoreIn(SqliteOutbox outbox) => new(outbox, new HeldCallKey(KeyPath, _folder.Log), _folder.Time, _folder.Log);

    private HeldCallEntry Entry(string id) => new()
    {
        Id = id,
        ToolName = "the_tool",
        Reason = "the reason",
        TenantId = "acme",
        UserId = "u-1",
        SessionId = "s1",
        ActionAttestationId = $"att-{id}",
        ArgumentsHash = new byte[32],
        HeldAt = _folder.Time.GetUtcNow(),
        ExpiresAt = _folder.Time.GetUtcNow() + TimeSpan.FromMinutes(15),
        Data = Encoding.UTF8.GetBytes(Secret),
    };
}
