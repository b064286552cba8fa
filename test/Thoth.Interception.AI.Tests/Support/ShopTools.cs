using System.Collections.Concurrent;
using System.Globalization;

namespace Thoth.Interception.AI.Tests.Support;

/// <summary>Records each run.</summary>
public sealed class ShopTools : IShopTools
{
    private readonly ConcurrentQueue<string> _runs = new();

    public IReadOnlyList<string> Runs => [.. _runs];

    public Task<string> ReadOrderAsync(string order, CancellationToken cancellationToken) => Ran($"read {order}");

    public Task<string> RefundAsync(string order, decimal amount) =>
        Ran(string.Create(CultureInfo.InvariantCulture, $"refund {order} {amount}"));

    public string DeleteOrder(string order, string pin)
    {
        _runs.Enqueue($"delete {order}");
        return "deleted";
    }

    public async IAsyncEnumerable<string> ListOrdersAsync(int limit)
    {
        _runs.Enqueue($"list {limit}");
        for (var number = 1; number <= limit; number++)
        {
            await Task.Yield();
            yield return $"A-{number}";
        }
    }

    public Task<string> SearchAsync(ShopFilter filter, ShopSort sort) => Ran($"search {filter.City} {filter.Ids?.Length ?? 0} {sort}");

    private Task<string> Ran(string run)
    {
        _runs.Enqueue(run);
        return Task.FromResult($"{run}: done");
    }
}
