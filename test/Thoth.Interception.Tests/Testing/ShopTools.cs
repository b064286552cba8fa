namespace Thoth.Interception.Tests.Testing;

internal class ShopTools : IShopTools
{
    public List<decimal> Refunds { get; } = [];

    public Task<string> RefundAsync(string order, decimal amount)
    {
        Refunds.Add(amount);
        return amount == 13 ? throw new InvalidOperationException("thirteen") : Task.FromResult($"{order}: {amount}");
    }

    public virtual string Find(string query) => $"found {query}";

    public Task SignInAsync(string user, string password, CancellationToken cancellationToken) => Task.CompletedTask;
}
