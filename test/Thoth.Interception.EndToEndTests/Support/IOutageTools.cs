namespace Thoth.Interception.EndToEndTests.Support;

public interface IOutageTools
{
    Task<int> WorkAsync(int number);
}
