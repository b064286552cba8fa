using System.Collections.Concurrent;

namespace ExistingApp.Services;

/// <summary>Stores the refunds.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentQueue<(string Order, decimal Amount)> _entries = new();

    public decimal Total => _entries.Sum(entry => entry.Amount);

    public void Book(string order, decimal amount) => _entries.Enqueue((order, amount));
}
