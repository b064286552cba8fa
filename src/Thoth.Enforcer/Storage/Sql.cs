using Microsoft.Data.Sqlite;

namespace Thoth.Enforcer.Storage;

/// <summary>Runs statements with parameters. A value never becomes part of a statement's text.</summary>
internal static class Sql
{
    private static readonly long s_firstTime = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long s_lastTime = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    public static T Scalar<T>(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        return (T)command.ExecuteScalar()!;
    }

    public static List<T> Query<T>(
        this SqliteConnection connection, Func<SqliteDataReader, T> read, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public static string? Text(this SqliteDataReader reader, string column) =>
        reader.GetOrdinal(column) is var i && reader.IsDBNull(i) ? null : reader.GetString(i);

    /// <returns><see langword="null"/> for NULL and for infinity, which JSON cannot express.</returns>
    public static double? Number(this SqliteDataReader reader, string column) =>
        reader.GetOrdinal(column) is var i && reader.IsDBNull(i) ? null : reader.GetDouble(i) is var number && double.IsFinite(number) ? number : null;

    /// <returns>0 for NULL.</returns>
    public static long Integer(this SqliteDataReader reader, string column) =>
        reader.GetOrdinal(column) is var i && reader.IsDBNull(i) ? 0 : reader.GetInt64(i);

    /// <summary>Reads a time. One out of the range of the calendar becomes the nearest in it.</summary>
    public static DateTimeOffset Time(this SqliteDataReader reader, string column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(reader.Integer(column), s_firstTime, s_lastTime));

    public static bool IsTime(long milliseconds) => milliseconds >= s_firstTime && milliseconds <= s_lastTime;

    public static DateTimeOffset? OptionalTime(this SqliteDataReader reader, string column) =>
        reader.IsDBNull(reader.GetOrdinal(column)) ? null : reader.Time(column);

    private static SqliteCommand Command(this SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            // SQLite's driver ends a text at the first NUL when it reads it: "refund\0_all" would be shown as "refund".
            command.Parameters.AddWithValue(name, value is string text ? text.Replace('\0', '\uFFFD') : value ?? DBNull.Value);
        }

        return command;
    }
}
