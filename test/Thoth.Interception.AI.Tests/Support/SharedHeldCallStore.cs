using System.Collections.Concurrent;

namespace Thoth.Interception.AI.Tests.Support;

/// <summary>A store of held calls that two service providers share, as two processes share a database.</summary>
internal sealed class SharedHeldCallStore : IHeldCallStore
{
    private readonly ConcurrentDictionary<string, HeldCallEntry> _entries = new();

    public ValueTask<HeldCallEntry> AddAsync(HeldCallEntry entry, CancellationToken cancellationToken)
    {
        _entries[entry.Id] = entry;
        return ValueTask.FromResult(entry);
    }

    public ValueTask<HeldCallEntry?> GetAsync(string id, CancellationToken cancellationToken) => ValueTask.FromResult(_entries.GetValueOrDefault(id));

    public ValueTask<IReadOnlyList<HeldCallEntry>> ListAsync(string? sessionId, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<HeldCallEntry>>([.. _entries.Values.Where(entry => sessionId is null || entry.SessionId == sessionId).OrderBy(static entry => entry.HeldAt)]);

    public ValueTask<bool> TryReplaceAsync(HeldCallEntry entry, CancellationToken cancellationToken) => ValueTask.FromResult(
        _entries.TryGetValue(entry.Id, out var current) && current.Version == entry.Version - 1 && _entries.TryUpdate(entry.Id, entry, current));

    public ValueTask RemoveAsync(string id, CancellationToken cancellationToken)
    {
        _entries.TryRemove(id, out _);
        return ValueTask.CompletedTask;
    }
}
