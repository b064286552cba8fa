namespace Thoth.Interception.Tests;

internal sealed class OutageTools : IOutageTools
{
    public Task<int> WorkAsync(int number) => Task.FromResult(number);
}
