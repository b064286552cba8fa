namespace Thoth.Enforcer.Tests.EndToEnd;

/// <summary>Tools: the test policy has a rule for each.</summary>
public interface IBankTools
{
    Task<string> ReadDocAsync(string path);

    Task<string> RefundAsync(string order, decimal amount);

    Task<string> TransferAsync(decimal amount);

    Task<string> ExportAsync(string name, string? ssn = null);

    Task<string> DeleteAsync(string path);

    Task<string> ReportAsync();
}
