using System.Runtime.CompilerServices;

namespace ExistingApp.Plugins;

/// <summary>Is registered by assembly scanning, without a reference to this class.</summary>
internal sealed class StockTools : IStockTools
{
    private static readonly (string Article, int Left)[] s_stock = [("lamp", 2), ("chair", 40), ("desk", 1)];

    public async IAsyncEnumerable<string> FindLowStockAsync(int below, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var (article, left) in s_stock)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            if (left < below)
            {
                yield return article;
            }
        }
    }
}
