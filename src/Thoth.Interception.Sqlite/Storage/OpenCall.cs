using Microsoft.Data.Sqlite;

namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Represents a call without an outcome.</summary>
/// <param name="AttestationId">The call's id.</param>
/// <param name="SessionId">The session's id.</param>
/// <param name="Json">The last record of the call: the pre event, with the decision if there was one.</param>
internal sealed record OpenCall(string AttestationId, string SessionId, byte[] Json)
{
    /// <summary>Reads the open calls. A held call is not one: it ends when it is resumed or expires.</summary>
    public static List<OpenCall> Read(SqliteConnection connection)
    {
        using var read = new Statement(
            connection,
            """
            SELECT o.attestation_id, o.session_id, coalesce(o.json, r.json) AS json FROM open_calls o LEFT JOIN records r ON r.sequence = o.sequence
            WHERE coalesce(o.json, r.json) IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM held_calls h WHERE h.attestation_id = o.attestation_id AND h.is_used = 0)
            ORDER BY o.sequence
            """,
            0);
        var calls = new List<OpenCall>();
        using var rows = read.Read();
        while (rows.Read())
        {
            calls.Add(new OpenCall(rows.GetString(0), rows.GetString(1), rows.GetFieldValue<byte[]>(2)));
        }

        return calls;
    }
}
