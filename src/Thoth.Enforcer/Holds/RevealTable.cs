using Microsoft.Data.Sqlite;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Holds;

/// <summary>Reads and writes the table of showings of masked values.</summary>
internal static class RevealTable
{
    public static int Add(SqliteConnection connection, string hold, string who, DateTimeOffset at) => connection.Execute(
        "INSERT INTO reveals (hold, who, at) VALUES (@hold, @who, @at)",
        ("@hold", hold),
        ("@who", who),
        ("@at", at.ToUnixTimeMilliseconds()));

    /// <summary>Gets the showings of a call, oldest first.</summary>
    public static List<RevealRow> Of(SqliteConnection connection, string hold) => connection.Query(
        static reader => new RevealRow(reader.Text("who")!, reader.Time("at")),
        "SELECT who, at FROM reveals WHERE hold = @hold ORDER BY seq LIMIT 100",
        ("@hold", hold));
}
