using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Thoth.Enforcer.Api;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Tests.Storage;

public class EnforcerDatabaseTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thoth-database-");

    private string FilePath => Path.Combine(_folder.FullName, "new", "enforcer.db");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [Test]
    public async Task Open_NewFile_IsReadableByItsOwnerOnly()
    {
        await using var database = Open(FilePath);
        await database.WriteAsync(connection => connection.Execute("CREATE TABLE t (x)"));

        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in Directory.GetFiles(Path.GetDirectoryName(FilePath)!))
            {
                Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
            }
        }
    }

    [Test]
    public async Task Write_ThatFails_IsRolledBackWithoutTheOthers()
    {
        await using var database = Open(FilePath);
        await database.WriteAsync(connection => connection.Execute("CREATE TABLE t (x)"));

        var writes = Enumerable.Range(0, 100).Select(i => database.WriteAsync(connection =>
        {
            connection.Execute("INSERT INTO t VALUES (@x)", ("@x", i));
            return i % 10 == 0 ? throw new InvalidOperationException() : i;
        })).ToArray();
        await Task.WhenAll(writes).ContinueWith(static _ => { }, TaskScheduler.Default);

        Assert.That(writes.Count(write => write.IsFaulted), Is.EqualTo(10));
        Assert.That(database.Read(connection => connection.Scalar<long>("SELECT COUNT(*) FROM t")), Is.EqualTo(90));
    }

    [Test]
    public void Open_FileOfAnotherProgram_IsRefused()
    {
        var path = Path.Combine(_folder.FullName, "other.db");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            connection.Execute("CREATE TABLE theirs (x)");
        }

        Assert.That(() => Open(path), Throws.TypeOf<UsageException>());
    }

    [Test]
    public void Open_FileThatIsNotADatabase_IsRefused()
    {
        var path = Path.Combine(_folder.FullName, "text.db");
        File.WriteAllText(path, new string('x', 5000));

        Assert.That(() => Open(path), Throws.TypeOf<UsageException>());
    }

    [Test]
    public async Task Open_FileOfTheFirstVersion_IsUpgradedAndKeepsItsRows()
    {
        var path = Path.Combine(_folder.FullName, "first.db");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            connection.Execute(await File.ReadAllTextAsync(Path.Combine(TestContext.CurrentContext.TestDirectory, "Storage", "version-1.sql")));
        }

        await using var database = Open(path);
        await using var again = Open(path);

        var hold = database.Read(connection => HoldTable.Find(connection, "hold_1"))!;
        Assert.That((hold.Tool, hold.LastPolledAt, hold.RanAt), Is.EqualTo(("refund", (DateTimeOffset?)null, (DateTimeOffset?)null)));
        var request = ReceivedCall.Of(hold).ToRequest(hold.Tenant, hold.HeldAt);
        Assert.That((hold.Request, request.ToolName, request.Context.UserId), Is.EqualTo(((string?)null, hold.Tool, hold.User)));
        Assert.That(System.Text.Encoding.UTF8.GetString(request.Arguments.Span), Is.EqualTo(hold.Arguments));
        Assert.That(database.Read(connection => CallCountTable.Of(connection, request.Context)), Is.Empty);
    }

    [Test]
    public void Open_FileOfALaterVersion_IsRefused()
    {
        var path = Path.Combine(_folder.FullName, "later.db");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            connection.Execute("PRAGMA user_version = 1000");
        }

        Assert.That(() => Open(path), Throws.TypeOf<UsageException>().With.Message.Contains("later version"));
    }

    private static EnforcerDatabase Open(string path) => new(path, TimeProvider.System, NullLogger<EnforcerDatabase>.Instance);
}
