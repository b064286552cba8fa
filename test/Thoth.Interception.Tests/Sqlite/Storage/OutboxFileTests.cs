using System.Security.Cryptography;
using Thoth.Interception.Sqlite;
using Thoth.Interception.Sqlite.Storage;
using Thoth.Interception.Tests.Sqlite.Support;

namespace Thoth.Interception.Tests.Sqlite.Storage;

public class OutboxFileTests
{
    private readonly OutboxFolder _folder = new();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public async Task Open_AnyFileOfTheOutbox_IsTheOwnersAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("On Windows the folder says who may read a file.");
            return;
        }

        File.WriteAllBytes(_folder.Path, []);
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b110_110_110);
        await using var outbox = _folder.Open();
        await outbox.AppendAsync(OutboxFolder.Entry(1));

        string[] files = [_folder.Path, _folder.Path + "-wal", _folder.Path + "-shm", _folder.Path + ".lock"];

        Assert.That(files.Select(ModeOf), Is.All.EqualTo(OutboxFile.OwnerOnly));

        static UnixFileMode ModeOf(string file) => OperatingSystem.IsWindows() ? 0 : File.GetUnixFileMode(file);
    }

    [Test]
    public async Task Open_FileInUse_IsRefusedUntilItIsLetGo()
    {
        var first = _folder.Open();

        var exception = Assert.Throws<OutboxException>(() => _folder.Open());
        await first.DisposeAsync();
        await using var second = _folder.Open();

        Assert.That(exception!.Failure, Is.EqualTo(OutboxFailure.InUse));
        Assert.That(exception.Message, Does.Contain(_folder.Path).And.Contain("Give each its own file"));
        await second.AppendAsync(OutboxFolder.Entry(1));
    }

    [Test]
    public async Task Open_FileThatIsNoDatabase_IsSetAside()
    {
        await File.WriteAllTextAsync(_folder.Path, new string('?', 10_000));

        await using var outbox = _folder.Open();
        await outbox.AppendAsync(OutboxFolder.Entry(1));

        var aside = _folder.Path + ".corrupt-20260102T030405.0000000Z";
        Assert.That(await File.ReadAllTextAsync(aside), Does.StartWith("???"));
        Assert.That(_folder.Log.Messages, Has.One.Contains(aside));
        Assert.That(OutboxVerifier.Verify(_folder.Path).Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Open_DamagedDatabase_IsSetAside()
    {
        await _folder.FillAsync(500);
        using (var file = File.OpenWrite(_folder.Path))
        {
            file.Seek(4096 * 3, SeekOrigin.Begin);
            file.Write(RandomNumberGenerator.GetBytes(4096 * 5));
        }

        await using var outbox = _folder.Open();
        await outbox.AppendAsync(OutboxFolder.Entry(1));

        Assert.That(outbox.Status.Waiting, Is.EqualTo(1));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(_folder.Path)!, "*.corrupt-*"), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task AppendAsync_FileDamagedAfterAFailure_CountsWhatIsLostWithIt()
    {
        await using var outbox = _folder.Open();
        await outbox.AppendAsync([.. Enumerable.Range(1, 3).Select(n => OutboxFolder.Entry(n))]);
        using (_folder.Lock())
        {
            await Assert.ThrowsAsync<OutboxException>(() => outbox.AppendAsync(OutboxFolder.Entry(4)));
        }

        await File.WriteAllTextAsync(_folder.Path, new string('?', 10_000));
        await outbox.AppendAsync(OutboxFolder.Entry(5));

        Assert.That((outbox.Status.Lost, outbox.Status.Waiting), Is.EqualTo((3L, 1L)));
        Assert.That(_folder.Log.Messages, Has.One.Contains("is damaged and was renamed to"));
    }

    [Test]
    public void Open_DatabaseOfSomethingElse_IsLeftAlone()
    {
        _folder.Run("CREATE TABLE invoices (id INTEGER)");
        var before = File.ReadAllBytes(_folder.Path);

        var exception = Assert.Throws<OutboxException>(() => _folder.Open());

        Assert.That(exception!.Failure, Is.EqualTo(OutboxFailure.Unreadable));
        Assert.That(File.ReadAllBytes(_folder.Path), Is.EqualTo(before));
    }

    [Test]
    public async Task AppendAsync_FolderThatIsNotThere_FailsTypedAndRecovers()
    {
        _folder.Path = Path.Combine(_folder.In("later"), "outbox.db");
        await using var outbox = _folder.Open();

        var exception = await Assert.ThrowsAsync<OutboxException>(() => outbox.AppendAsync(OutboxFolder.Entry(1)));
        var wasWritable = outbox.Status.IsWritable;
        Directory.CreateDirectory(_folder.In("later"));
        await outbox.AppendAsync(OutboxFolder.Entry(2));

        Assert.That((exception!.Failure, wasWritable, outbox.Status.IsWritable), Is.EqualTo((OutboxFailure.NotWritable, false, true)));
        Assert.That(outbox.Status.Waiting, Is.EqualTo(1));
        Assert.That(_folder.Log.Messages, Has.One.Contains("cannot be written").And.One.Contains("can be written again"));
    }

    [Test]
    public async Task AppendAsync_ReadOnlyFolder_FailsTyped()
    {
        // Permissions do not stop root.
        using var disk = Environment.IsPrivilegedProcess ? SmallDisk.Mount() : null;
        if (disk is not null)
        {
            disk.MakeReadOnly();
            _folder.Path = Path.Combine(disk.Path, "outbox.db");
        }
        else if (!OperatingSystem.IsWindows())
        {
            _folder.Path = Path.Combine(_folder.In("closed"), "outbox.db");
            Directory.CreateDirectory(_folder.In("closed"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        else
        {
            Assert.Ignore("A read-only folder does not stop a writer on Windows.");
        }

        await using var outbox = _folder.Open();

        var exception = await Assert.ThrowsAsync<OutboxException>(() => outbox.AppendAsync(OutboxFolder.Entry(1)));

        Assert.That(exception!.Failure, Is.EqualTo(OutboxFailure.NotWritable));
    }

    [Test]
    public async Task AppendAsync_FullDisk_FailsTypedAndRecovers()
    {
        using var disk = SmallDisk.Mount();
        _folder.Path = Path.Combine(disk.Path, "outbox.db");
        await using var outbox = _folder.Open();
        await outbox.AppendAsync(OutboxFolder.Entry(1));
        var ballast = disk.Fill();

        var exception = await Assert.ThrowsAsync<OutboxException>(() => outbox.AppendAsync(OutboxFolder.Entry(2, size: 500_000)));
        File.Delete(ballast);
        await outbox.AppendAsync(OutboxFolder.Entry(3));

        Assert.That(exception!.Failure, Is.EqualTo(OutboxFailure.NoRoom));
        Assert.That((await outbox.ReadPendingAsync(0, 10)).Select(e => e.Sequence), Is.EqualTo([1, 2]));
        Assert.That(OutboxVerifier.Verify(_folder.Path).IsIntact, Is.True);
    }
}
