using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Thoth.Enforcer.Storage;

/// <summary>
/// Reads the columns of one row. A value that cannot be read becomes a default and marks the row, so that a bad row never hides the
/// others.
/// </summary>
internal sealed class RowReader(SqliteDataReader reader)
{
    /// <summary>Whether a value could not be read so far.</summary>
    public bool IsUnreadable { get; private set; }

    public long Integer(string column) => reader.Integer(column);

    public double? Number(string column) => reader.Number(column);

    /// <summary>Reads a text that every valid row has.</summary>
    public string Text(string column) => reader.Text(column) ?? Unreadable("");

    public string? OptionalText(string column) => reader.Text(column);

    public DateTimeOffset Time(string column) =>
        Sql.IsTime(reader.Integer(column)) ? reader.Time(column) : Unreadable(reader.Time(column));

    public DateTimeOffset? OptionalTime(string column) => reader.IsDBNull(reader.GetOrdinal(column)) ? null : Time(column);

    public byte[] Bytes(string column) => reader[column] as byte[] ?? Unreadable<byte[]>([]);

    public IReadOnlyList<string> Names(string column) => Value<IReadOnlyList<string>>(
        column,
        static text => JsonSerializer.Deserialize<string[]>(text) is { } names && !Array.Exists(names, static name => name is null) ? names : null,
        []);

    /// <summary>Reads a text and converts it. The converter may throw, or return <see langword="null"/> for a text that is not valid.</summary>
    public T Value<T>(string column, Func<string, T?> convert, T fallback)
        where T : notnull
    {
        try
        {
            return reader.Text(column) is { } text && convert(text) is { } value ? value : Unreadable(fallback);
        }
        catch (Exception)
        {
            // Whatever a row contains, it must not take down a page.
            return Unreadable(fallback);
        }
    }

    private T Unreadable<T>(T fallback)
    {
        IsUnreadable = true;
        return fallback;
    }
}
