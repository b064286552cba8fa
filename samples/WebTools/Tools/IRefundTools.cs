namespace WebTools;

/// <summary>Represents the tools of the refund desk.</summary>
public interface IRefundTools
{
    /// <summary>Writes down that a refund is requested.</summary>
    Task NoteRequestAsync(string order, decimal amount);

    Task<string> RefundAsync(string order, decimal amount);

    /// <summary>Exports the refunds as CSV, with columns of <c>time</c>, <c>order</c>, <c>amount</c>, <c>email</c>.</summary>
    Task<string> ExportAsync(string[] columns);
}
