using System.Globalization;
using Thoth.Interception;

namespace WebTools;

/// <summary>Writes into the ledger.</summary>
internal sealed class RefundTools(RefundLedger ledger, ICurrentToolCall current, TimeProvider time) : IRefundTools
{
    public Task NoteRequestAsync(string order, decimal amount)
    {
        Book("requested", order, amount);
        return Task.CompletedTask;
    }

    public Task<string> RefundAsync(string order, decimal amount)
    {
        Book("refunded", order, amount);
        return Task.FromResult($"Order {order} is refunded.");
    }

    public Task<string> ExportAsync(string[] columns)
    {
        var rows = ledger.Entries.Where(entry => entry.What == "refunded").Select(entry => string.Join(',', columns.Select(column => Cell(entry, column))));
        return Task.FromResult(string.Join('\n', rows.Prepend(string.Join(',', columns))));
    }

    private void Book(string what, string order, decimal amount)
    {
        var call = current.Call ?? throw new InvalidOperationException("Call this tool through IRefundTools.");
        ledger.Book(call.IdempotencyKey, new LedgerEntry(time.GetUtcNow(), what, order, amount, call.Approver));
    }

    private static string Cell(LedgerEntry entry, string column) => column switch
    {
        "time" => entry.Time.ToString("u", CultureInfo.InvariantCulture),
        "order" => entry.Order,
        "amount" => entry.Amount.ToString(CultureInfo.InvariantCulture),
        "email" => $"customer.of.{entry.Order}@mail.example",
        _ => throw new ArgumentException("The columns are time, order, amount and email.", nameof(column)),
    };
}
