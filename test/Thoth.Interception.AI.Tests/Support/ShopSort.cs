namespace Thoth.Interception.AI.Tests.Support;

public enum ShopSort
{
    Date = 0,
    Amount,
}
