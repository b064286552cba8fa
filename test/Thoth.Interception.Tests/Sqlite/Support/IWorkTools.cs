namespace Thoth.Interception.Tests;

public interface IWorkTools
{
    Task<string> WorkAsync(int number);
}
