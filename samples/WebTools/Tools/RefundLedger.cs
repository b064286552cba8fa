using System.Collections.Concurrent;

namespace WebTools;

/// <summary>Keeps what the tools wrote, in memory. A call that is repeated has the key of the first time, and is written once.</summary>
internal sealed class RefundLedger
{
    private readonly ConcurrentDictionary<string, LedgerEntry> _entries = new(StringComparer.Ordinal);

    public IReadOnlyList<LedgerEntry> Entries => [.. _entries.Values.OrderBy(entry => entry.Time)];

    public void Book(string idempotencyKey, LedgerEntry entry) => _entries.TryAdd(idempotencyKey, entry);
}

/// <summary>Represents one line of the ledger.</summary>
internal sealed record LedgerEntry(DateTimeOffset Time, string What, string Order, decimal Amount, string? Approver);
