namespace Thoth.Interception.Tests.Testing;

public interface IShopTools
{
    Task<string> RefundAsync(string order, decimal amount);

    [GovernedTool(Action = ToolAction.Read)]
    string Find(string query);

    Task SignInAsync(string user, [Sensitive] string password, CancellationToken cancellationToken);
}
