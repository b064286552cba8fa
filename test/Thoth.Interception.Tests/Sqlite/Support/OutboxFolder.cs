using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.Sqlite;
using Thoth.Interception.Sqlite.Storage;
using Thoth.Interception.Tests.LocalPolicy.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Sqlite.Support;

/// <summary>A folder for the outbox of one test, with a clock that stands still.</summary>
internal sealed class OutboxFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OutboxFolder() => Path = In("outbox.db");

    public string Path { get; set; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public RecordingLogger Log { get; } = new(LogLevel.Trace);

    public static string Id(int number) => $"acme:{number:D8}";

    public static OutboxEntry Entry(
        int number, string phase = "post", string attestation = "", int size = 100, string session = "s", string? json = null) =>
        new()
        {
            EventId = Id(number),
            SessionId = session,
            ActionAttestationId = attestation,
            Phase = phase,
            Json = Encoding.UTF8.GetBytes(json ?? $"{{\"n\":\"{number}{new string('x', size)}\"}}"),
        };

    public string In(string name) => System.IO.Path.Combine(_folder.Path, name);

    public SqliteOutbox Open(SqliteOutboxOptions? options = null, Func<OpenCall, OutboxEntry>? interrupt = null) =>
        new(Path, options ?? new SqliteOutboxOptions(), interrupt, Time, Log);

    /// <summary>An outbox with this many records, all of them waiting, and closed.</summary>
    public async Task FillAsync(int records, SqliteOutboxOptions? options = null)
    {
        await using var outbox = Open(options);
        await outbox.AppendAsync([.. Enumerable.Range(1, records).Select(n => Entry(n))]);
    }

    /// <summary>What anybody with the file can do to it.</summary>
    public void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Locks the file until the connection is disposed: another writer waits for a second and fails.</summary>
    public SqliteConnection Lock()
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }

    /// <summary>The first column, as text; also while an outbox has the file.</summary>
    public List<string> Read(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False;Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var texts = new List<string>();
        while (rows.Read())
        {
            texts.Add(rows.GetString(0));
        }

        return texts;
    }

    public void Dispose() => _folder.Dispose();
}
