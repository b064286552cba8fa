using System.Collections.Concurrent;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Page.SignIn;

/// <summary>Knows the sign-ins that were signed out before their end, so that their cookies are worth nothing.</summary>
internal sealed class EndedSignIns
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _ended;
    private readonly EnforcerDatabase _database;
    private readonly TimeProvider _time;

    public EndedSignIns(EnforcerDatabase database, TimeProvider time)
    {
        _database = database;
        _time = time;
        _ended = new(database.Read(static connection => connection.Query(
            static reader => KeyValuePair.Create(reader.GetString(0), reader.Time("until")), "SELECT id, until FROM ended_sign_ins")));
    }

    public bool Contains(string id) => _ended.ContainsKey(id);

    /// <param name="id">The id of the sign-in.</param>
    /// <param name="until">When its cookie ends by itself.</param>
    public async Task AddAsync(string id, DateTimeOffset until)
    {
        // The memory comes first: on a full disk a sign-out still counts until the server stops.
        var now = _time.GetUtcNow();
        _ended[id] = until;
        foreach (var (other, end) in _ended)
        {
            if (end <= now)
            {
                _ended.TryRemove(other, out _);
            }
        }

        await _database.WriteAsync(connection => connection.Execute(
            "DELETE FROM ended_sign_ins WHERE until <= @now; INSERT INTO ended_sign_ins (id, until) VALUES (@id, @until) ON CONFLICT DO NOTHING",
            ("@now", now.ToUnixTimeMilliseconds()),
            ("@id", id),
            ("@until", until.ToUnixTimeMilliseconds())));
    }
}
