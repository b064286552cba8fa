using Thoth.Interception.LocalPolicy.Policy;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Policy;

/// <summary>Limits the allocations of an evaluation; a whole governed call has a budget of about 1,500 bytes.</summary>
[NonParallelizable]
public sealed class PolicyAllocationTests
{
    private static readonly CompiledPolicy Policy = PolicyCalls.Policy(
        """{ "id": "read", "tools": "read_*", "decision": "allow" }""",
        """{ "id": "refund", "tools": "refund", "decision": "allow" }""",
        """{ "id": "big", "tools": "refund", "when": { "args.amount": { "greater": 500 } }, "decision": "block" }""",
        """{ "id": "mail", "tools": "mail", "when": { "history": { "contains": "x*" }, "user": "bob" }, "decision": "block" }""",
        """{ "id": "mails", "tools": "mail", "decision": "allow" }""");

    [TestCase("read_docs", 0)]
    [TestCase("mail", 0)]
    [TestCase("unknown", 0)]
    [TestCase("refund", 200)]
    public void Decide_CachedTool_AllocatesWithinTheLimit(string tool, long maxBytes)
    {
        const int Calls = 100;
        var request = PolicyCalls.Call(tool, """{ "amount": 20, "customer": "c-17" }""", earlier: ["a", "b"], scope: [tool]);
        PolicyEvaluator.Decide(Policy, request);
        PolicyEvaluator.Decide(Policy, request);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
        {
            PolicyEvaluator.Decide(Policy, request);
        }

        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / Calls, Is.LessThanOrEqualTo(maxBytes));
    }
}
