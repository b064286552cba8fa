namespace Thoth.Interception.Tests.Sqlite.Support;

public interface IWorkTools
{
    Task<string> WorkAsync(int number);
}
