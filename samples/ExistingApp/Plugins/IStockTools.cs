namespace ExistingApp.Plugins;

public interface IStockTools
{
    IAsyncEnumerable<string> FindLowStockAsync(int below, CancellationToken cancellationToken = default);
}
