namespace Thoth.Interception;

/// <summary>
/// Tells a tool which governed call it runs in. Inject it into the tool's implementation; <c>AddThoth</c> registers it. Thread-safe.
/// </summary>
/// <example>
/// <code>
/// public sealed class RefundTools(ICurrentToolCall current, Ledger ledger) : IRefundTools
/// {
///     public Task&lt;string&gt; RefundAsync(string order, decimal amount) =>
///         ledger.BookAsync(order, amount, current.Call!.IdempotencyKey);
/// }
/// </code>
/// </example>
public interface ICurrentToolCall
{
    /// <summary>
    /// Gets the innermost governed call whose tool runs in this asynchronous flow; <see langword="null"/> outside of a tool. It is gone when
    /// the tool has ended, also for what the tool left running. In a tool that returns a sequence it is there while an element is made.
    /// </summary>
    RunningToolCall? Call { get; }
}
