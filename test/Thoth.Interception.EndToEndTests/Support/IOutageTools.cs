namespace Thoth.Interception.Tests;

public interface IOutageTools
{
    Task<int> WorkAsync(int number);
}
