using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Thoth.Enforcer.Tests.Support;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.Tests.Support;

namespace Thoth.Enforcer.Tests.Api;

/// <summary>Rules hold for a call in the form of each SDK: by name, by position, and mixed.</summary>
public class PositionalCallTests
{
    private static readonly string s_quickStart = File.ReadAllText(Path.Combine(Repository.Root, "samples", "QuickStart", "thoth.policy.json"));

    private static readonly string s_documented = Regex.Match(
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "policy.md")), "^```json\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;

    /// <summary>Tool, parameter names, values, decision and code; for MODIFY the values to run with.</summary>
    private static readonly (string Tool, string[] Names, string Values, string Decision, string Code, string? ToRun)[] s_quickStartCalls =
    [
        ("search_docs", ["query", "limit"], """["x",3]""", "ALLOW", "docs_are_open", null),
        ("save_summary", ["name", "text"], """["a.md","t"]""", "ALLOW", "summaries_are_markdown", null),
        ("save_summary", ["name", "text"], """["a.exe","t"]""", "BLOCK", "no_matching_rule", null),
        ("export_contacts", ["columns"], """[["name","ssn","phone"]]""", "MODIFY", "personal_columns_removed", """[["name"]]"""),
        ("send_email", ["to", "subject", "body"], """["ada@acme.example","hi","b"]""", "ALLOW", "mail_inside", null),
        ("send_email", ["to", "subject", "body"], """["x@evil.org","hi","b"]""", "BLOCK", "mail_outside", null),
        ("send_email", ["to", "subject", "body"], """[["x@evil.org"],"hi","b"]""", "BLOCK", "mail_outside", null),
        ("refund", ["order", "amount"], """["A-1",100]""", "ALLOW", "refund_small", null),
        ("refund", ["order", "amount"], """["A-1",5000]""", "STEP_UP", "refund_above_100", null),
        ("refund", ["order", "amount"], """["A-1","5000"]""", "STEP_UP", "refund_above_100", null),
        ("delete_file", ["name"], """["a"]""", "BLOCK", "deletion_forbidden", null),
        ("build_report", ["quarter"], """["q1"]""", "DEFER", "books_open", null),
    ];

    private static readonly (string Tool, string[] Names, string Values, string Decision, string Code, string? ToRun)[] s_documentedCalls =
    [
        ("read_docs", ["path"], """["x"]""", "ALLOW", "read", null),
        ("export_customers", ["columns"], """[["name","email"]]""", "MODIFY", "no-contact-data", """[["name"]]"""),
        ("send_email", ["to", "subject", "body"], """[["a@example.com"],"hi","b"]""", "ALLOW", "mail", null),
        ("send_email", ["to", "subject", "body"], """[["a@example.com","x@evil.org"],"hi","b"]""", "BLOCK", "recipient_outside", null),
        ("refund", ["order", "amount"], """["A",100]""", "ALLOW", "refund", null),
        ("refund", ["order", "amount"], """["A",100.01]""", "STEP_UP", "big-refund", null),
        ("build_report", ["quarter"], """["q1"]""", "DEFER", "report-later", null),
    ];

    private static IEnumerable<SdkShape> Shapes() => SdkShape.All;

    [TestCaseSource(nameof(Shapes))]
    public Task QuickStartPolicy_CallInTheFormOfAnSdk_IsDecidedAlike(object shape) => AssertDecisions((SdkShape)shape, s_quickStart, s_quickStartCalls);

    [TestCaseSource(nameof(Shapes))]
    public Task DocumentedPolicy_CallInTheFormOfAnSdk_IsDecidedAlike(object shape) => AssertDecisions((SdkShape)shape, s_documented, s_documentedCalls);

    [TestCase("""{"args":[["name","ssn"]]}""", "export_contacts", "BLOCK", "modify_not_applicable")]
    [TestCase("""{"arg0":["name","ssn"]}""", "export_contacts", "BLOCK", "modify_not_applicable")]
    [TestCase("""{"args":[["name","ssn"]],"kwargs":{}}""", "export_contacts", "BLOCK", "modify_not_applicable")]
    [TestCase("""{"args":[["name","ssn"]],"kwargs":null}""", "export_contacts", "BLOCK", "modify_not_applicable")]
    [TestCase("""{"args":[["name","ssn"]],"kwargs":[1]}""", "export_contacts", "BLOCK", "modify_not_applicable")]
    [TestCase("""{"args":["x@evil.org","hi"]}""", "send_email", "BLOCK", "mail_outside")]
    [TestCase("""{"arg0":"x@evil.org","arg1":"hi"}""", "send_email", "BLOCK", "mail_outside")]
    [TestCase("""{"arg1":"hi","arg0":"ada@acme.example"}""", "send_email", "BLOCK", "mail_outside")]
    [TestCase("""{"args":[{"amount":5000}],"kwargs":{}}""", "refund", "STEP_UP", "refund_above_100")]
    [TestCase("""{"args":["A",50]}""", "refund", "STEP_UP", "refund_above_100")]
    [TestCase("""{"args":["A"],"kwargs":{"amount":50}}""", "refund", "STEP_UP", "refund_above_100")]
    [TestCase("""{"args":[]}""", "refund", "STEP_UP", "refund_above_100")]
    [TestCase("""{"args":["a.md"]}""", "save_summary", "BLOCK", "no_matching_rule")]
    [TestCase("""{"args":["x"]}""", "read_doc", "ALLOW", "docs_are_open")]
    public async Task UnknownTool_CallByPosition_NeverGainsByIt(string arguments, string tool, string decision, string code)
    {
        await using var host = await StartAsync(WithoutKnownTools(s_quickStart));

        var reply = await host.EnforceAsync(Body(tool, arguments));

        Assert.That((reply.Text("decision"), reply.Text("decision_reason_code")), Is.EqualTo((decision, code)));
        Assert.That(reply.Has("modified_tool_args"), Is.False);
    }

    [TestCase("""{"args":["A",50],"kwargs":{"amount":1}}""")]
    [TestCase("""{"args":["A",50],"kwargs":{"order":"B","amount":1}}""")]
    public async Task KnownTool_ArgumentByPositionAndByName_IsMalformed(string arguments)
    {
        await using var host = await StartAsync(s_quickStart);

        var reply = await host.EnforceAsync(Body("refund", arguments));

        Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((HttpStatusCode.BadRequest, "malformed_request")));
        Assert.That(reply.Body, Does.Not.Contain("50"));
        Assert.That(host.Activity.Decisions(new()), Is.Empty);
    }

    [TestCase("""{"args":["A",50,"x"]}""", "more positions than parameters")]
    [TestCase("""{"arg0":"A","arg1":50,"arg2":"x"}""", "more positions than parameters")]
    [TestCase("""{"args":["A"],"kwargs":{"Amount":50}}""", "a name that is no parameter")]
    [TestCase("""{"args":["A"],"kwargs":{"amount":50,"more":1}}""", "a name that is no parameter")]
    [TestCase("""{"args":["A",50],"kwargs":"x"}""", "kwargs that are no object")]
    public async Task KnownTool_CallThatDoesNotFit_CannotBeEvaluated(string arguments, string why)
    {
        await using var host = await StartAsync(s_quickStart);

        var reply = await host.EnforceAsync(Body("refund", arguments));

        Assert.That((reply.Text("decision"), reply.Text("decision_reason_code")), Is.EqualTo(("STEP_UP", "refund_above_100")), why);
    }

    [TestCase("""{"args":["x@evil.org"],"x":1}""")]
    [TestCase("""{"arg1":"x@evil.org"}""")]
    [TestCase("""{"arg00":"x@evil.org"}""")]
    [TestCase("""{"arg0":"x@evil.org","x":1}""")]
    [TestCase("""{"arg0":"x@evil.org","arg2":1}""")]
    [TestCase("""{"args":{"to":"ada@acme.example"}}""")]
    [TestCase("""{"kwargs":{"to":"ada@acme.example"}}""")]
    public async Task KnownTool_NamesThatAreNoParameters_NeverHelpTheCall(string arguments)
    {
        await using var host = await StartAsync("""
            { "tools_known": { "send_email": [["to"]] },
              "rules": [{ "id": "draft", "tools": "send_email", "when": { "args.to": { "exists": false } }, "decision": "allow" }] }
            """);

        var reply = await host.EnforceAsync(Body("send_email", arguments));

        Assert.That(reply.Text("decision_reason_code"), Is.EqualTo("no_matching_rule"), "whether 'to' was sent is unknown");
    }

    [TestCase("python-httpx/0.28.1", """{"columns":["name","ssn"]}""", "BLOCK", Description = "Python would run the original arguments")]
    [TestCase("Python/3.12 aiohttp/3.9", """{"columns":["name","ssn"]}""", "BLOCK")]
    [TestCase("python-httpx/0.28.1", """{"arg0":["name","ssn"]}""", "BLOCK")]
    [TestCase("python-httpx/0.28.1", """{"args":[["name","ssn"]]}""", "MODIFY")]
    [TestCase("node", """{"columns":["name","ssn"]}""", "MODIFY")]
    [TestCase("Go-http-client/1.1", """{"columns":["name","ssn"]}""", "MODIFY")]
    [TestCase("curl/8", """{"columns":["name","ssn"]}""", "MODIFY")]
    [TestCase("node", """{"columns":["ssn"],"args":["x"]}""", "BLOCK", Description = "these SDKs take a list 'args' for positions")]
    [TestCase("Go-http-client/1.1", """{"columns":["ssn"],"args":["x"]}""", "BLOCK")]
    [TestCase("Thoth.Interception/1.0.0", """{"columns":["ssn"],"args":["x"]}""", "MODIFY")]
    public async Task Modify_SdkThatWouldRunTheOriginalArguments_IsBlocked(string agent, string arguments, string decision)
    {
        await using var host = await StartAsync(s_quickStart);

        var reply = await host.EnforceAsync(Body("export_contacts", arguments), ("User-Agent", agent));

        Assert.That(reply.Text("decision"), Is.EqualTo(decision));
        Assert.That(reply.Has("modified_tool_args"), Is.EqualTo(decision == "MODIFY"));
        if (decision == "BLOCK")
        {
            Assert.That(reply.Text("decision_reason_code"), Is.EqualTo("modify_not_applicable"));
        }
    }

    [Test]
    public async Task Modify_ThatLeavesNoArgument_IsBlocked()
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.EvaluateAsync("export", new { ssn = "1" });

        Assert.That((reply.Text("decision"), reply.Text("decision_reason_code")), Is.EqualTo(("BLOCK", "modify_not_applicable")), "SDKs run the original arguments instead");
    }

    [Test]
    public async Task Modify_ChangesThatTheFormCannotExpress_AreBlocked(
        [Values("""{"args":[1,2,3]}""", """{"arg0":1,"arg1":2,"arg2":3}""")] string arguments,
        [Values("args.a", "args.b")] string removed)
    {
        await using var host = await StartAsync($$"""
            { "tools_known": { "t": [["a", "b", "c"]] },
              "rules": [{ "id": "m", "tools": "t", "decision": "modify", "modify": { "remove": "{{removed}}" } }] }
            """);

        var reply = await host.EnforceAsync(Body("t", arguments));

        Assert.That((reply.Text("decision"), reply.Text("decision_reason_code")), Is.EqualTo(("BLOCK", "modify_not_applicable")));
    }

    [TestCase("""{"args":[1]}""", """{"args":[1,5]}""", Description = "the next position")]
    [TestCase("""{"arg0":1}""", """{"arg0":1,"arg1":5}""")]
    [TestCase("""{"args":[1],"kwargs":{"c":3}}""", """{"args":[1,5],"kwargs":{"c":3}}""")]
    [TestCase("""{"args":[1],"kwargs":{"b":2}}""", """{"args":[1],"kwargs":{"b":5}}""")]
    [TestCase("""{"args":[],"kwargs":{"c":3}}""", """{"args":[],"kwargs":{"b":5,"c":3}}""")]
    public async Task Modify_ThatAddsAnArgument_KeepsTheForm(string arguments, string changed)
    {
        await using var host = await StartAsync("""
            { "tools_known": { "t": [["a", "b", "c"]] },
              "rules": [{ "id": "m", "tools": "t", "decision": "modify", "modify": { "set": { "args.b": 5 } } }] }
            """);

        var reply = await host.EnforceAsync(Body("t", arguments));

        Assert.That(reply.Json.GetProperty("modified_tool_args").GetRawText(), Is.EqualTo(changed));
    }

    [TestCase("python-httpx/0.28.1", """{"amount":900}""", "BLOCK")]
    [TestCase("python-httpx/0.28.1", """{"args":[900]}""", """{"args":[10]}""")]
    [TestCase("Go-http-client/1.1", """{"arg0":900}""", """{"arg0":10}""")]
    [TestCase("node", """{"args":[900]}""", """{"args":[10]}""")]
    [TestCase("node", """{"amount":900}""", """{"amount":10}""")]
    public async Task StepUp_WithChangedArguments_ReleasesThemInTheFormOfTheCall(string agent, string arguments, string released)
    {
        await using var host = await StartAsync("""
            { "tools_known": { "transfer": [["amount"]] },
              "rules": [
                { "id": "ask", "tools": "transfer", "decision": "step_up" },
                { "id": "cap", "tools": "transfer", "decision": "modify", "modify": { "set": { "args.amount": 10 } } }] }
            """);

        var reply = await host.EnforceAsync(Body("transfer", arguments), ("User-Agent", agent));

        if (released == "BLOCK")
        {
            Assert.That((reply.Text("decision"), reply.Text("decision_reason_code")), Is.EqualTo(("BLOCK", "modify_not_applicable")), "nobody is asked in vain");
            return;
        }

        var hold = host.Approvals.Pending().Single();
        Assert.That((hold.Arguments, hold.ArgumentsToRun), Is.EqualTo((arguments, released)));
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");
        Assert.That((await host.PollAsync(reply.Text("hold_token"))).Json.GetProperty("modified_tool_args").GetRawText(), Is.EqualTo(released));
    }

    [TestCase("Thoth.Interception/1.0.0", """{"args":["safe"]}""", "ALLOW", Description = "Run(string[] args) of this library")]
    [TestCase("Thoth.Interception/1.0.0", """{"args":["safe","rm"]}""", "BLOCK")]
    [TestCase("python-httpx/0.28.1", """{"args":[["safe"]]}""", "BLOCK", Description = "by position or by name: the readings differ")]
    [TestCase("python-httpx/0.28.1", """{"args":["rm"]}""", "BLOCK")]
    [TestCase("node", """{"args":["safe","safe"]}""", "ALLOW", Description = "too many positions, so it is the parameter")]
    public async Task KnownTool_WithAParameterNamedArgs_IsReadAsItsCallerMeansIt(string agent, string arguments, string decision)
    {
        await using var host = await StartAsync("""
            { "tools_known": { "run": [["args"]] },
              "rules": [{ "id": "safe", "tools": "run", "when": { "args.args[*]": { "all": { "equals": "safe" } } }, "decision": "allow" }] }
            """);

        var reply = await host.EnforceAsync(Body("run", arguments), ("User-Agent", agent));

        Assert.That(reply.Text("decision"), Is.EqualTo(decision));
    }

    [TestCase("""{"args":["a","b"]}""", "ALLOW", Description = "both signatures begin with 'to'")]
    [TestCase("""{"args":["a","secret"]}""", "BLOCK", Description = "the second may be the body")]
    [TestCase("""{"args":["a"],"kwargs":{"body":"b"}}""", "ALLOW")]
    [TestCase("""{"args":["a"],"kwargs":{"subject":"secret"}}""", "ALLOW", Description = "only one signature has a subject")]
    [TestCase("""{"args":["a","secret","b"]}""", "ALLOW", Description = "only one signature has three parameters")]
    [TestCase("""{"args":["a","s","secret"]}""", "BLOCK")]
    public async Task KnownTool_WithSeveralSignatures_IsEvaluatedUnderEachThatFits(string arguments, string decision)
    {
        await using var host = await StartAsync("""
            { "tools_known": { "mail": [["to", "body"], ["to", "subject", "body"]] },
              "rules": [
                { "id": "mail", "tools": "mail", "when": { "args.to": { "exists": true } }, "decision": "allow" },
                { "id": "secret", "tools": "mail", "when": { "args.body": { "contains": "secret" } }, "decision": "block" }] }
            """);

        var reply = await host.EnforceAsync(Body("mail", arguments));

        // ["a","b"]: no reading has the secret, so all permit the call. ["a","secret"]: one has.
        Assert.That(reply.Text("decision"), Is.EqualTo(decision));
    }

    private static async Task AssertDecisions(
        SdkShape shape, string policy, (string Tool, string[] Names, string Values, string Decision, string Code, string? ToRun)[] calls)
    {
        await using var host = await StartAsync(policy);
        foreach (var (tool, names, values, decision, code, toRun) in calls)
        {
            JsonNode?[] arguments = [.. JsonNode.Parse(values)!.AsArray()];
            var reply = await shape.CallAsync(host, tool, names, arguments);

            Assert.That((reply.Text("decision"), reply.Text("decision_reason_code")), Is.EqualTo((decision, code)), $"{tool} {values}");
            if (toRun is not null)
            {
                Assert.That(shape.Read(reply.Json.GetProperty("modified_tool_args"), names), Is.EqualTo(JsonElement.Parse(toRun).EnumerateArray().Select(value => value.GetRawText())));
            }
        }
    }

    private static async Task<EnforcerHost> StartAsync(string policy)
    {
        var host = await EnforcerHost.StartAsync();
        await File.WriteAllTextAsync(host.PolicyPath, policy);
        host.Get<PolicyEngine>().Reload();
        return host;
    }

    private static string Body(string tool, string arguments) => $$"""{"tool_name":"{{tool}}","session_id":"s","tool_args":{{arguments}}}""";

    private static string WithoutKnownTools(string policy)
    {
        var json = JsonNode.Parse(policy)!.AsObject();
        json.Remove("tools_known");
        return json.ToJsonString();
    }
}
