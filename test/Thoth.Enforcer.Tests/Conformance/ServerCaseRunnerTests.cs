using System.Text.Json.Nodes;
using Thoth.Conformance;
using Thoth.Conformance.Clients;
using Thoth.Conformance.Servers;

namespace Thoth.Enforcer.Tests.Conformance;

/// <summary>The runner itself: a server that is wrong in one way fails the cases about that, and no others.</summary>
public class ServerCaseRunnerTests
{
    private static readonly ServerCaseFile s_file = ServerCaseFile.Read(ServerCaseFile.Own);

    [Test]
    public async Task Run_ServerThatKeepsToTheContract_PassesEveryCase()
    {
        await using var server = await ScriptedThothServer.StartAsync();

        var results = await RunAllAsync(server.Target);

        Assert.That(results.Where(result => result.Outcome != CaseOutcome.Passed), Is.Empty);
    }

    [Test]
    public Task Run_KeysAreNotChecked_FailsWhatMustBeDenied() => AssertFailuresAsync(
        server => server.ChecksKeys = false,
        s_file.Cases.Where(serverCase => serverCase.Steps[^1].Expect?.Status == "denied").Select(serverCase => serverCase.Id));

    [Test]
    public Task Run_EvidenceOfAnotherType_FailsTheForms() => AssertFailuresAsync(
        server => server.Change = OnEnforce(body => body["rule_version"] = "v7"),
        ["form-allow", "form-block", "form-step-up", "form-modify", "form-defer"]);

    [Test]
    public Task Run_EmptyModifiedArguments_FailsTheForm() => AssertFailuresAsync(
        server => server.Change = OnEnforce(body => Replace(body, "modified_tool_args", new JsonObject())),
        ["form-modify"]);

    [Test]
    public Task Run_IdsOfAnotherCall_FailsTheEchoes() => AssertFailuresAsync(
        server => server.Change = OnEnforce(body => Replace(body, "action_attestation_id", "another")),
        ["echo-allow", "echo-block", "echo-two-calls", "echo-other-than-uuid"]);

    [Test]
    public Task Run_HoldWithoutIds_PassesEveryCase() => AssertFailuresAsync(
        server => server.Change = OnHold(body => body.Remove("action_attestation_id")),
        []);

    [Test]
    public Task Run_HoldOfAnotherCall_FailsTheEchoes() => AssertFailuresAsync(
        server => server.Change = OnHold(body => body["action_attestation_id"] = "another"),
        ["echo-hold", "echo-two-holds", "hold-approved", "hold-denied"]);

    [Test]
    public Task Run_OnlyTheArrayIsTaken_FailsTheWrapper() => AssertFailuresAsync(
        server => server.Change = (request, answer) => request.Body.StartsWith("""{"events":""", StringComparison.Ordinal) ? ScriptedThothServer.Error(400) : answer,
        ["events-wrapper"]);

    [Test]
    public Task Run_OneApprovalApprovesAll_FailsTheOtherHold() => AssertFailuresAsync(
        server => server.ApprovesAll = true,
        ["hold-one-of-two"]);

    [Test]
    public Task Run_UnknownHoldIsPending_FailsTheUnknownTokens() => AssertFailuresAsync(
        server => server.Change = (request, answer) => request.Kind == ContractEndpoint.Hold && answer.Status == 404 ? """{"resolved":false}""" : answer,
        ["hold-unknown", "hold-unknown-escaped", "error-hold"]);

    [Test]
    public Task Run_ExplanationWithoutSeverity_FailsTheExplanations() => AssertFailuresAsync(
        server => server.Change = On(ContractEndpoint.Explain, body => body.Remove("severity")),
        ["explain-python", "explain-typescript", "explain-step-up"]);

    [Test]
    public Task Run_ErrorsWithoutTheEnvelope_FailsTheErrors() => AssertFailuresAsync(
        server => server.Change = (_, answer) => answer.Status >= 400 ? new ContractAnswer { Status = answer.Status, Body = """{"detail":"wrong"}""" } : answer,
        ["error-denied", "error-enforce", "error-hold", "error-events", "error-explain"]);

    [TestCase(500)]
    [TestCase(429)]
    [TestCase(200)]
    public Task Run_MalformedRequestGetsAnotherStatus_FailsTheRefusals(int status) => AssertFailuresAsync(
        server => server.Change = (_, answer) => answer.Status == 400 ? ScriptedThothServer.Error(status) : answer,
        s_file.Cases.Where(serverCase => serverCase.Steps[^1].Expect?.Status == "refused").Select(serverCase => serverCase.Id));

    [TestCase("""{"decision":"PERMIT"}""", "decision: expected a decision, was \"PERMIT\"")]
    [TestCase("""{"decision":5}""", "decision: expected a decision, was 5")]
    [TestCase("""{"decision":"DENY"}""", "decision: expected ALLOW, was BLOCK")]
    [TestCase("""{"decision":"ALLOW","authorization_decision":"BLOCK"}""", "decision and authorization_decision: expected the same decision, were ALLOW and BLOCK")]
    [TestCase("""{"reason":"fine"}""", "decision: expected a decision, was missing")]
    [TestCase("""{"decision":"ALLOW"} x""", "body: expected one JSON object, was malformed")]
    [TestCase("""{"decision":"BLOCK","decision":"ALLOW"}""", "body: expected one JSON object, was malformed")]
    [TestCase("[]", "body: expected one JSON object, was Array")]
    [TestCase("", "body: expected one JSON object, was empty")]
    public async Task Run_WrongDecision_SaysWhatWasExpectedAndSeen(string body, string detail) =>
        Assert.That((await RunOneAsync("verdict-allow", body)).Details, Is.EqualTo([detail]));

    [TestCase(" allow ")]
    [TestCase("Allow")]
    public async Task Run_DecisionInAnotherSpelling_Passes(string spelling) =>
        Assert.That((await RunOneAsync("verdict-allow", $$"""{"authorization_decision":"{{spelling}}"}""")).Outcome, Is.EqualTo(CaseOutcome.Passed));

    [Test]
    public async Task Run_LargerBodyThanClientsRead_Fails() =>
        Assert.That(
            (await RunOneAsync("verdict-allow", $$"""{"decision":"ALLOW","reason":"{{new string('x', 1024 * 1024)}}"}""")).Details,
            Is.EqualTo(["body: expected one JSON object, was longer than 1048576 bytes"]));

    [Test]
    public async Task Run_Redirect_IsNotFollowed()
    {
        var redirect = new ContractAnswer { Status = 307, Headers = new Dictionary<string, string> { ["Location"] = "/v1/enforce" } };

        Assert.That((await RunOneAsync("verdict-allow", redirect)).Details, Is.EqualTo(["status: expected 2xx, was 307"]));
    }

    [Test]
    public async Task Run_ConnectionIsReset_Fails() =>
        Assert.That((await RunOneAsync("verdict-allow", new ContractAnswer { Abort = true })).Details, Has.One.Contains("the connection failed"));

    [Test]
    public async Task Run_HoldTokenThatCannotBePolled_Fails() =>
        Assert.That(
            (await RunOneAsync("hold-pending", """{"decision":"STEP_UP","hold_token":".."}""")).Details,
            Is.EqualTo(["step 1, enforce: hold_token: expected <token>, was a text"]));

    [TestCase("""{"resolved":true,"resolution":"ALLOW"}""", "ALLOW")]
    [TestCase("""{"decision":"BLOCK"}""", "BLOCK")]
    public async Task Run_UndecidedHoldIsResolved_Fails(string body, string seen)
    {
        await using var server = await ScriptedThothServer.StartAsync();
        server.Change = (request, answer) => request.Kind == ContractEndpoint.Hold ? body : answer;

        Assert.That((await RunAsync(server.Target, "hold-pending")).Details, Is.EqualTo([$"step 2, hold: poll: expected pending, was {seen}"]));
    }

    [TestCase("""{"resolved":true}""")]
    [TestCase("""{"resolved":true,"resolution":"STEP_UP"}""")]
    [TestCase("""{"decision":"MODIFY"}""")]
    public async Task Run_ApprovalThatClientsTakeForARefusal_Fails(string body)
    {
        await using var server = await ScriptedThothServer.StartAsync();
        server.Change = (request, answer) => request.Kind == ContractEndpoint.Hold ? body : answer;

        Assert.That((await RunAsync(server.Target, "hold-approved")).Outcome, Is.EqualTo(CaseOutcome.Failed));
    }

    [Test]
    public async Task Run_ApprovalThatComesLater_IsWaitedFor()
    {
        await using var server = await ScriptedThothServer.StartAsync();
        var polls = 0;
        server.Change = (request, answer) => request.Kind == ContractEndpoint.Hold && ++polls < 3 ? """{"resolved":false}""" : answer;
        var approver = server.Target.Approver! with { Patience = TimeSpan.FromMinutes(1) };

        var result = await RunAsync(server.Target with { Approver = approver }, "hold-approved");

        Assert.That((result.Outcome, polls), Is.EqualTo((CaseOutcome.Passed, 3)));
    }

    [Test]
    public async Task Run_BaseUrlWithAPath_KeepsThePathAndSendsTheKeyTwice()
    {
        await using var server = await ContractServer.StartAsync();

        await RunAsync(new ServerTarget { Url = new Uri($"{server.Url}/base/"), Key = "k" }, "verdict-allow");

        var request = server.Enforces.Single();
        Assert.That(request.RawPath, Is.EqualTo("/base/v1/enforce"));
        Assert.That((request.Headers["Authorization"], request.Headers["X-Api-Key"]), Is.EqualTo(("Bearer k", "k")));
    }

    [Test]
    public async Task Run_WithoutWhatACaseNeeds_SkipsItWithTheReason()
    {
        await using var server = await ScriptedThothServer.StartAsync();
        server.ChecksKeys = false;
        var target = server.Target with { Key = null, Approver = null, Tools = new Dictionary<string, string> { ["allow"] = "conformance_allow", ["step_up"] = "conformance_step_up" } };

        var results = await RunAllAsync(target);

        var reasons = results.Where(result => result.Outcome == CaseOutcome.Skipped).Select(result => result.Details.Single()).Distinct();
        Assert.That(reasons, Is.EquivalentTo(
            ["--key is not given", "--approver is not given", "--block-tool is not given", "--modify-tool is not given", "--defer-tool is not given"]));
        Assert.That(results.Where(result => result.Outcome == CaseOutcome.Failed), Is.Empty);
    }

    [Test]
    public void Read_Cases_HaveIdsAndSectionsOfTheContract()
    {
        Assert.That(s_file.Cases.Select(serverCase => serverCase.Id), Is.Unique);
        Assert.That(s_file.Cases.Select(serverCase => serverCase.Section), Is.All.Match(@"^(1\.[1245]|3\.[13])(\.\d+)?$"));
        Assert.That(s_file.Cases.Select(serverCase => serverCase.Tool).OfType<string>(), Is.All.AnyOf([.. ServerTarget.Roles]));
    }

    [TestCase("surprise")]
    [TestCase("cases[0].surprise")]
    [TestCase("cases[0].steps[0].surprise")]
    [TestCase("cases[0].steps[0].expect.surprise")]
    public void Read_UnknownKey_IsRefused(string path)
    {
        var json = JsonNode.Parse(File.ReadAllText(ServerCaseFile.Own))!;
        var parent = path.Split('.').SkipLast(1).Aggregate(json, (at, step) => step.EndsWith(']') ? at[step[..^3]]![0]! : at[step]!);
        parent["surprise"] = 1;
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, json.ToJsonString());

            Assert.That(() => ServerCaseFile.Read(file), Throws.TypeOf<ConformanceException>().With.Message.Contains(path));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task AssertFailuresAsync(Action<ScriptedThothServer> spoil, IEnumerable<string> expected)
    {
        await using var server = await ScriptedThothServer.StartAsync();
        spoil(server);

        var results = await RunAllAsync(server.Target);

        Assert.That(results.Where(result => result.Outcome == CaseOutcome.Failed).Select(result => result.Id), Is.EquivalentTo(expected));
    }

    private static async Task<IReadOnlyList<CaseResult>> RunAllAsync(ServerTarget target)
    {
        using var runner = new ServerCaseRunner(s_file, target, TimeProvider.System);
        var results = new List<CaseResult>();
        foreach (var serverCase in s_file.Cases)
        {
            results.Add(await runner.RunAsync(serverCase));
        }

        return results;
    }

    private static async Task<CaseResult> RunOneAsync(string id, ContractAnswer answer)
    {
        await using var server = await ContractServer.StartAsync();
        server.OnEnforce = _ => answer;
        return await RunAsync(new ServerTarget { Url = new Uri(server.Url) }, id);
    }

    private static async Task<CaseResult> RunAsync(ServerTarget target, string id)
    {
        using var runner = new ServerCaseRunner(s_file, target, TimeProvider.System);
        return await runner.RunAsync(s_file.Cases.Single(serverCase => serverCase.Id == id));
    }

    private static Func<RecordedRequest, ContractAnswer, ContractAnswer> OnEnforce(Action<JsonObject> change) => On(ContractEndpoint.Enforce, change);

    private static Func<RecordedRequest, ContractAnswer, ContractAnswer> OnHold(Action<JsonObject> change) => On(ContractEndpoint.Hold, change);

    private static Func<RecordedRequest, ContractAnswer, ContractAnswer> On(ContractEndpoint kind, Action<JsonObject> change) => (request, answer) =>
    {
        if (request.Kind != kind || answer.Status != 200)
        {
            return answer;
        }

        var body = JsonNode.Parse(answer.Body)!.AsObject();
        change(body);
        return body.ToJsonString();
    };

    private static void Replace(JsonObject body, string name, JsonNode value)
    {
        if (body[name] is not null)
        {
            body[name] = value;
        }
    }
}
