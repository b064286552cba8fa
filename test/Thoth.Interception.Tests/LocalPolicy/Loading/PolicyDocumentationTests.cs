using System.Text.Json;
using System.Text.RegularExpressions;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Loading;
using Thoth.Interception.Tests.LocalPolicy.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Loading;

/// <summary>Checks that the examples of docs/policy.md load and decide as described.</summary>
public sealed class PolicyDocumentationTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "policy.md"));

    [TestCaseSource(nameof(Blocks))]
    public void Document_EachPolicyAndRule_Loads(string json)
    {
        var isPolicy = JsonElement.Parse(json).TryGetProperty("rules", out _);

        Assert.That(() => isPolicy ? PolicyCalls.Load(json) : PolicyCalls.Policy(json), Throws.Nothing);
    }

    [TestCase("read_docs", "{}", DecisionType.Allow)]
    [TestCase("export_customers", """{ "columns": ["name", "email"] }""", DecisionType.Modify)]
    [TestCase("send_email", """{ "to": ["a@example.com"] }""", DecisionType.Allow)]
    [TestCase("send_email", """{ "to": ["a@example.com", "b@example.net"] }""", DecisionType.Block)]
    [TestCase("refund", """{ "amount": 100 }""", DecisionType.Allow)]
    [TestCase("refund", """{ "amount": 100.01 }""", DecisionType.StepUp)]
    [TestCase("refund", """{ "amount": 2000 }""", DecisionType.StepUp)]
    [TestCase("refund", "{}", DecisionType.Block)]
    [TestCase("build_report", "{}", DecisionType.Defer)]
    [TestCase("unknown", "{}", DecisionType.Block)]
    public void Document_FirstPolicy_DecidesAsDescribed(string tool, string arguments, DecisionType expected) =>
        Assert.That(PolicyCalls.Verdict(PolicyCalls.Load(Blocks()[0]), PolicyCalls.Call(tool, arguments)), Is.EqualTo(expected));

    [Test]
    public void Document_FirstPolicy_BlocksDeletes() =>
        Assert.That(
            PolicyCalls.Decide(
                PolicyCalls.Load(Blocks()[0]), PolicyCalls.Call("read_and_delete", "{}", ToolAction.Delete)).MatchedRuleIds,
            Is.EqualTo((string[])["no-deletes"]));

    [Test]
    public void Document_Reference_NamesEachKeyAndCode()
    {
        string[] keys =
        [
            .. PolicyKeys.Policy, .. PolicyKeys.Rule, .. PolicyKeys.Actions, .. PolicyKeys.Decisions, .. PolicyKeys.Conditions,
            .. PolicyKeys.ArgumentOperators, .. PolicyKeys.HistoryOperators, .. PolicyKeys.Count, .. PolicyKeys.Modify,
            .. typeof(LocalPolicyReasonCodes).GetFields().Select(field => (string)field.GetValue(null)!),
        ];

        Assert.That(keys.Where(key => !Document.Contains($"`{key}`", StringComparison.Ordinal)), Is.Empty);
    }

    private static string[] Blocks() =>
        [.. Regex.Matches(Document, "^```json\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(match => match.Groups[1].Value)];
}
