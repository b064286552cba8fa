using Thoth.Interception.Sqlite;
using Thoth.Interception.Sqlite.Storage;
using Thoth.Interception.Tests.Sqlite.Support;

namespace Thoth.Interception.Tests.Sqlite.Verification;

public class OutboxVerifierTests
{
    private readonly OutboxFolder _folder = new();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [TestCase("UPDATE records SET json = CAST(replace(CAST(json AS TEXT), 'x', 'y') AS BLOB) WHERE sequence = 4", 4, RecordProblem.Changed)]
    [TestCase("UPDATE records SET created = created + 1 WHERE sequence = 1", 1, RecordProblem.Changed)]
    [TestCase("UPDATE records SET session_id = 'other' WHERE sequence = 2", 2, RecordProblem.Changed)]
    [TestCase("UPDATE records SET phase = 'block' WHERE sequence = 2", 2, RecordProblem.Changed)]
    [TestCase("UPDATE records SET hash = zeroblob(32) WHERE sequence = 4", 4, RecordProblem.Changed)]
    [TestCase("UPDATE records SET previous = zeroblob(32) WHERE sequence = 4", 4, RecordProblem.Changed)]
    [TestCase("DELETE FROM records WHERE sequence = 4", 4, RecordProblem.Missing)]
    [TestCase("DELETE FROM records WHERE sequence = 1", 1, RecordProblem.Missing)]
    [TestCase("DELETE FROM records WHERE sequence > 8", 9, RecordProblem.Missing)]
    [TestCase("DELETE FROM records", 1, RecordProblem.Missing)]
    [TestCase("UPDATE records SET sequence = -sequence WHERE sequence IN (4, 6); UPDATE records SET sequence = sequence + 10 WHERE sequence < 0", 4, RecordProblem.Changed)]
    [TestCase("UPDATE chain SET hash = zeroblob(32) WHERE mark = 'head'", 10, RecordProblem.Changed)]
    [TestCase("UPDATE chain SET sequence = 9 WHERE mark = 'head'", 10, RecordProblem.Added)]
    [TestCase("UPDATE chain SET sequence = 11 WHERE mark = 'head'", 11, RecordProblem.Missing)]
    [TestCase("UPDATE chain SET hash = randomblob(32) WHERE mark = 'anchor'", 1, RecordProblem.NotLinked)]
    [TestCase("UPDATE chain SET sequence = 3 WHERE mark = 'anchor'", 1, RecordProblem.Added)]
    [TestCase("INSERT INTO records SELECT 11, 'acme:new', session_id, attestation_id, phase, json, created, sent, previous, hash FROM records WHERE sequence = 10", 11, RecordProblem.Added)]
    public async Task Verify_ChangedFile_NamesTheFirstBrokenRecord(string change, long sequence, RecordProblem problem)
    {
        await _folder.FillAsync(10);
        _folder.Run(change);

        var result = OutboxVerifier.Verify(_folder.Path);

        Assert.That(result.IsIntact, Is.False);
        Assert.That((result.FirstBroken!.Sequence, result.FirstBroken.Problem), Is.EqualTo((sequence, problem)));
    }

    [Test]
    public async Task Verify_ChangedRecordWithAHashMadeAnew_FindsTheNextOne()
    {
        await _folder.FillAsync(10);
        var forged = OutboxFolder.Entry(4, json: "{}");
        var created = _folder.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var hashes = new List<byte[]> { RecordHash.None };
        for (var n = 1; n <= 4; n++)
        {
            hashes.Add(RecordHash.Of(n, created, n == 4 ? forged : OutboxFolder.Entry(n), hashes[n - 1]));
        }

        _folder.Run($"UPDATE records SET json = CAST('{{}}' AS BLOB), hash = x'{Convert.ToHexString(hashes[4])}' WHERE sequence = 4");

        Assert.That(OutboxVerifier.Verify(_folder.Path).FirstBroken, Is.EqualTo(new BrokenRecord { Sequence = 5, EventId = OutboxFolder.Id(5), Problem = RecordProblem.NotLinked }));
    }

    [Test]
    public async Task Verify_IntactFile_TellsItsHead()
    {
        await _folder.FillAsync(10);

        var result = OutboxVerifier.Verify(_folder.Path);

        Assert.That((result.IsIntact, result.Count, result.Deleted, result.HeadSequence), Is.EqualTo((true, 10L, 0L, 10L)));
        Assert.That(result.HeadHash, Has.Length.EqualTo(64));
    }

    [Test]
    public void Verify_NoOutbox_FailsTyped()
    {
        File.WriteAllText(_folder.In("text.db"), new string('?', 5000));
        _folder.Run("CREATE TABLE invoices (id INTEGER)");

        foreach (var path in (string[])[_folder.In("missing.db"), _folder.In("text.db"), _folder.Path])
        {
            Assert.That(
                () => OutboxVerifier.Verify(path), Throws.TypeOf<OutboxException>().With.Property("Failure").EqualTo(OutboxFailure.Unreadable));
        }
    }
}
