using Microsoft.Data.Sqlite;
using Thoth.Enforcer.Changes;
using Thoth.Enforcer.Errors;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tenants;

namespace Thoth.Enforcer.Api;

/// <summary>Stores events: a batch completely or not at all, each event once.</summary>
internal sealed class EventIngestHandler(EnforcerDatabase database, ChangeFeed feed, TimeProvider time)
{
    /// <exception cref="ApiException">The batch cannot be read, or holds another tenant's events.</exception>
    public async Task<EventReceipt> IngestAsync(ReadOnlyMemory<byte> json, Caller caller)
    {
        var events = EventReader.Read(json, caller.TenantFor, time.GetUtcNow());
        var accepted = await database.WriteAsync(connection => events.Count(row => Add(connection, row)));
        if (accepted > 0)
        {
            foreach (var session in events.Select(static row => row.Session).Distinct())
            {
                feed.Publish(new(ChangeKind.EventsReceived, caller.Tenant, session));
            }
        }

        return new(accepted, events.Count - accepted);
    }

    private static bool Add(SqliteConnection connection, EventRow row)
    {
        var isNew = EventTable.Add(connection, row);
        if (isNew && row is { Type: "TOOL_CALL_POST", Action: not null })
        {
            HoldTable.Ran(connection, row);
        }

        return isNew;
    }
}
