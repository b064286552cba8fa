namespace Thoth.Interception.AspNetCore.Tests.HeldCalls;

/// <summary>Counts its runs on every machine.</summary>
internal sealed class RefundTools : IRefundTools
{
    private int _runs;

    public int Runs => Volatile.Read(ref _runs);

    public Task<string> RefundAsync(string order, decimal amount)
    {
        Interlocked.Increment(ref _runs);
        return Task.FromResult($"refunded {order}");
    }
}
