namespace Thoth.Interception.EndToEndTests.Support;

internal sealed class OutageTools : IOutageTools
{
    public Task<int> WorkAsync(int number) => Task.FromResult(number);
}
