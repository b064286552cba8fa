namespace Thoth.Enforcer.Tests.Support;

/// <summary>A policy with a rule for each decision.</summary>
internal static class TestPolicy
{
    public const string Json =
        """
        {
          "id": "test", "version": "7",
          "rules": [
            { "id": "reads", "tools": "read_*", "decision": "allow" },
            { "id": "refunds", "tools": "refund", "decision": "step_up", "timeout_seconds": 300, "code": "needs_approval", "reason": "Refunds need an approval.", "risk_score": 50 },
            { "id": "transfers", "tools": "transfer", "decision": "step_up", "reason": "Transfers need an approval." },
            { "id": "transfers-capped", "tools": "transfer", "decision": "modify", "modify": { "set": { "args.amount": 10 } }, "reason": "Ten at most." },
            { "id": "exports", "tools": "export", "decision": "modify", "modify": { "remove": ["args.ssn"] }, "reason": "No social security numbers." },
            { "id": "deletes", "tools": "delete", "decision": "block", "code": "no_deletes", "reason": "Nothing is deleted.", "risk_score": 90 },
            { "id": "reports", "tools": "report", "decision": "defer", "retry_seconds": 120, "reason": "The books are open." }
          ]
        }
        """;
}
