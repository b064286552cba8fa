namespace Thoth.Enforcer.Tests.EndToEnd;

/// <summary>Returns a text about its arguments, and counts calls.</summary>
internal sealed class BankTools : IBankTools
{
    public int Calls { get; private set; }

    public Task<string> ReadDocAsync(string path) => RunAsync($"read {path}");

    public Task<string> RefundAsync(string order, decimal amount) => RunAsync($"refunded {amount} of {order}");

    public Task<string> TransferAsync(decimal amount) => RunAsync($"transferred {amount}");

    public Task<string> ExportAsync(string name, string? ssn = null) => RunAsync($"exported {name} {ssn ?? "without number"}");

    public Task<string> DeleteAsync(string path) => RunAsync("deleted");

    public Task<string> ReportAsync() => RunAsync("reported");

    private Task<string> RunAsync(string result)
    {
        Calls++;
        return Task.FromResult(result);
    }
}
