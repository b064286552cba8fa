namespace Thoth.Interception.AI.Tests.Support;

public sealed record ShopFilter(string City, int[]? Ids = null);
