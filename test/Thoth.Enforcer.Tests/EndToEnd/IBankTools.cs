namespace Thoth.Enforcer.Tests.EndToEnd;

/// <summary>Tools with a rule of the test policy each.</summary>
public interface IBankTools
{
    Task<string> ReadDocAsync(string path);

    Task<string> RefundAsync(string order, decimal amount);

    Task<string> TransferAsync(decimal amount);

    Task<string> ExportAsync(string name, string? ssn = null);

    Task<string> DeleteAsync(string path);

    Task<string> ReportAsync();
}
