namespace ExistingApp.Tools;

/// <summary>Builds reports. It is registered once for each period, under the period's name.</summary>
public interface IReportTools
{
    Task<string> BuildReportAsync(string customerId);
}
