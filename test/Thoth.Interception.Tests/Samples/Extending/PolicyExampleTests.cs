using Extending.Policies;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Samples.Extending;

/// <summary>Runs the policy check of docs/extending.md on the quick start's policy.</summary>
public class PolicyExampleTests
{
    [TestCase("search_docs", """{ "query": "policy", "limit": 3 }""", DecisionType.Allow)]
    [TestCase("unknown", "{}", DecisionType.Block)]
    public void Decide_QuickStartPolicy_Decides(string tool, string arguments, DecisionType expected)
    {
        var policy = Path.Combine(Repository.Root, "samples", "QuickStart", "thoth.policy.json");

        Assert.That(PolicyCheck.Decide(policy, tool, System.Text.Encoding.UTF8.GetBytes(arguments), TimeProvider.System), Is.EqualTo(expected));
    }
}
