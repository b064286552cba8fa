using Microsoft.Data.Sqlite;

namespace Thoth.Enforcer.Storage;

/// <summary>The end of a held call in its session's timeline.</summary>
internal sealed record AnswerRow
{
    /// <summary>The hold's id.</summary>
    public required string Hold { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Tool { get; init; }

    /// <summary>Approved, Denied or Expired.</summary>
    public required string State { get; init; }

    /// <summary>The name of the person; <see langword="null"/> if the call expired.</summary>
    public string? Approver { get; init; }

    /// <summary>The person's reason.</summary>
    public string? Reason { get; init; }

    public static AnswerRow Read(SqliteDataReader reader)
    {
        var row = new RowReader(reader);
        return new AnswerRow
        {
            Hold = row.Text("id"),
            At = row.Time("decided_at"),
            Tool = row.Text("tool"),
            State = row.Text("state"),
            Approver = row.OptionalText("approver"),
            Reason = row.OptionalText("answer"),
        };
    }
}
