namespace ExistingApp.Tools;

/// <summary>Registered once for each period, under its name.</summary>
public interface IReportTools
{
    Task<string> BuildReportAsync(string customerId);
}
