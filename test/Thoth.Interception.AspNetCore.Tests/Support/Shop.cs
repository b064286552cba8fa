using System.Collections.Concurrent;

namespace Thoth.Interception.AspNetCore.Tests.Support;

public interface IShopTools
{
    Task<string> ReadAsync(string order);

    Task<string> RefundAsync(string order, int amount);

    Task<string> RefundWithTokenAsync(string order, int amount, CancellationToken cancellationToken);

    string RefundNow(string order, int amount);

    IAsyncEnumerable<string> RefundParts(string order, int amount);

    Task WipeAsync();

    Task ReportAsync();
}

/// <summary>The tools that ran, in whose session, and with which idempotency key.</summary>
internal sealed class ShopRuns : ConcurrentQueue<(string Tool, string User, string Session)>
{
    public ConcurrentQueue<(string Tool, string Key)> Keys { get; } = new();
}

internal sealed class Shop(IThothSessions sessions, ICurrentToolCall current, ShopRuns runs) : IShopTools
{
    public Task<string> ReadAsync(string order) => Task.FromResult(Ran("read", order));

    public Task<string> RefundAsync(string order, int amount) => Task.FromResult(Ran("refund", order));

    public Task<string> RefundWithTokenAsync(string order, int amount, CancellationToken cancellationToken) => Task.FromResult(Ran("refund_with_token", order));

    public string RefundNow(string order, int amount) => Ran("refund_now", order);

    public async IAsyncEnumerable<string> RefundParts(string order, int amount)
    {
        for (var part = 1; part <= 2; part++)
        {
            await Task.Yield();
            yield return Ran("refund_parts", $"{order}/{part}");
        }
    }

    public Task WipeAsync() => Task.FromResult(Ran("wipe", ""));

    public Task ReportAsync() => Task.FromResult(Ran("report", ""));

    private string Ran(string tool, string order)
    {
        var session = sessions.Current;
        runs.Enqueue((tool, session.Context.UserId, session.Id));
        runs.Keys.Enqueue((tool, current.Call!.IdempotencyKey));
        return $"{tool} {order}";
    }
}
