using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Enforcement.Http;

/// <summary>What is asked (contract §1.1, §1.2.1).</summary>
public class RequestTests
{
    [Test]
    public async Task Headers_NameTheLibraryAndCarryTheKeyTwice([Values] bool sync)
    {
        await using var host = await HttpHost.StartAsync();

        await host.CallAsync(sync);

        var request = host.Server.Enforces.Single();
        Assert.That((request.Method, request.RawPath), Is.EqualTo(("POST", "/v1/enforce")));
        Assert.That(request.Headers["Authorization"], Is.EqualTo("Bearer thoth_test_key"));
        Assert.That(request.Headers["X-Api-Key"], Is.EqualTo("thoth_test_key"));
        Assert.That(request.Headers["Content-Type"], Is.EqualTo("application/json"));
        Assert.That(request.Headers["Accept"], Is.EqualTo("application/json"));
        Assert.That(request.Headers["User-Agent"], Does.StartWith("Thoth.Interception/"));
        Assert.That(request.Headers["Content-Length"], Is.EqualTo($"{Encoding.UTF8.GetByteCount(request.Body)}"));
        Assert.That(request.Headers.Keys, Has.None.EqualTo("X-Thoth-Event-Ingest-Token"));
    }

    [Test]
    public async Task NoKey_SendsNoAuthHeader([Values] bool sync)
    {
        await using var host = await HttpHost.StartAsync(options => options.ApiKey = " ");

        await host.CallAsync(sync);

        Assert.That(host.Server.Enforces.Single().Headers.Keys, Has.None.EqualTo("Authorization").And.None.EqualTo("X-Api-Key"));
    }

    [TestCase(7_800)]
    [TestCase(10_000)]
    [TestCase(500_000)]
    public async Task LargeArguments_ArriveWhole(int length)
    {
        await using var host = await HttpHost.StartAsync();
        var path = new string('x', length);

        Assert.That(await host.CallAsync(path: path), Is.EqualTo(path));

        Assert.That(host.Server.Enforces.Single().Json.GetProperty("tool_args").GetProperty("path").GetString(), Is.EqualTo(path));
    }

    [Test]
    public async Task ArgumentsObjectWithoutMembers_IsNoArguments()
    {
        await using var host = await HttpHost.StartAsync();

        host.Services.GetRequiredService<IToolGovernor>().WrapTool("read_file", (JsonElement arguments) => { })(WrappedTools.Json("{}"));

        Assert.That(host.Server.Enforces.Single().Json.TryGetProperty("tool_args", out _), Is.False);
    }

    [TestCase("", "/v1/enforce")]
    [TestCase("//", "/v1/enforce")]
    [TestCase("/thoth", "/thoth/v1/enforce")]
    [TestCase("/a%20b/ ", "/a%20b/v1/enforce")]
    public async Task BaseUrl_KeepsItsPathAndLosesItsSlashes(string suffix, string path)
    {
        await using var host = await HttpHost.StartAsync(options => options.ApiUrl += suffix);

        await host.CallAsync();

        Assert.That(host.Server.Requests.Single().RawPath, Is.EqualTo(path));
    }

    [Test]
    public async Task Body_WithDefaults_HasTheRequiredMembersAndNoOthers([Values] bool sync)
    {
        await using var host = await HttpHost.StartAsync();

        await host.CallAsync(sync, "/tmp/\"ü\u2028");

        var body = host.Server.Enforces.Single().Json;
        var session = host.Sessions.Current.Id;
        Assert.That(body.EnumerateObject().Select(m => m.Name), Is.EquivalentTo(
        [
            "request_id", "agent_id", "tenant_id", "user_id", "tool_name", "session_id", "session_tool_calls", "approved_scope",
            "enforcement_mode", "environment", "enforcement_trace_id", "action_attestation_id", "occurred_at", "identity_binding", "tool_args",
        ]));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Guid.TryParse(Text(body, "request_id"), out _), Is.True);
            Assert.That(Guid.TryParse(Text(body, "action_attestation_id"), out _), Is.True);
            Assert.That(Text(body, "request_id"), Is.Not.EqualTo(Text(body, "action_attestation_id")));
            Assert.That(Text(body, "agent_id"), Is.EqualTo("agent"));
            Assert.That(Text(body, "tenant_id"), Is.EqualTo("acme"));
            Assert.That(Text(body, "user_id"), Is.EqualTo("system"));
            Assert.That(Text(body, "tool_name"), Is.EqualTo("read_file"));
            Assert.That(Text(body, "session_id"), Is.EqualTo(session));
            Assert.That(Text(body, "enforcement_trace_id"), Is.EqualTo(session));
            Assert.That(Raw(body, "session_tool_calls"), Is.EqualTo("""["read_file"]"""));
            Assert.That(Raw(body, "approved_scope"), Is.EqualTo("[]"));
            Assert.That(Text(body, "enforcement_mode"), Is.EqualTo("block"));
            Assert.That(Text(body, "environment"), Is.EqualTo("prod"));
            Assert.That(DateTimeOffset.TryParse(Text(body, "occurred_at"), out _) && Text(body, "occurred_at")!.EndsWith('Z'), Is.True);
            Assert.That(Raw(body, "identity_binding"), Is.EqualTo("""{"agent_id":"agent","tenant_id":"acme","user_id":"system"}"""));
            Assert.That(body.GetProperty("tool_args").GetProperty("path").GetString(), Is.EqualTo("/tmp/\"ü\u2028"));
        }
    }

    [Test]
    public async Task Body_WithEverything_CarriesIt()
    {
        await using var host = await HttpHost.StartAsync(options =>
        {
            options.UserId = "user-123";
            options.ApprovedScope = ["read_file", "a\"b"];
            options.Enforcement = EnforcementMode.StepUp;
            options.Environment = "Staging";
            options.EnforcementTraceId = " trace-abc ";
            options.SessionIntent = "investigation";
            options.Purpose = "customer-facing";
            options.DataClassification = "internal";
            options.TaskContext = new() { InitiatedBy = "human", TaskId = "T-500", Chain = ["a", "b"] };
            (options.IdentityBinding["user_id"], options.IdentityBinding["assurance"]) = ("user-11", "mfa");
            options.ModelName = "m";
            options.ModelProvider = "p";
            options.ModelArtifactId = "i";
            options.ModelArtifactVersion = "v";
            options.AuthContext["principal"] = "x";
            options.DelegationContext["from"] = "y";
            options.RequestMetadata["z"] = 1;
            options.PolicyContext["w"] = true;
            options.McpRuntimeIdentity = "rt";
            options.EndpointId = "e";
            options.FleetId = "f";
        });

        await host.CallAsync();

        var body = host.Server.Enforces.Single().Json;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Text(body, "user_id"), Is.EqualTo("user-123"));
            Assert.That(body.GetProperty("approved_scope").EnumerateArray().Select(s => s.GetString()), Is.EqualTo(["read_file", "a\"b"]));
            Assert.That(Text(body, "enforcement_mode"), Is.EqualTo("step_up"));
            Assert.That(Text(body, "environment"), Is.EqualTo("staging"));
            Assert.That(Text(body, "enforcement_trace_id"), Is.EqualTo("trace-abc"));
            Assert.That(Text(body, "session_intent"), Is.EqualTo("investigation"));
            Assert.That(Text(body, "purpose"), Is.EqualTo("customer-facing"));
            Assert.That(Text(body, "data_classification"), Is.EqualTo("internal"));
            Assert.That(Raw(body, "task_context"), Is.EqualTo("""{"initiated_by":"human","task_id":"T-500","chain":["a","b"]}"""));
            Assert.That(
                Raw(body, "identity_binding"),
                Is.EqualTo("""{"agent_id":"agent","tenant_id":"acme","user_id":"user-11","assurance":"mfa"}"""));
            Assert.That(Text(body, "model_name") + Text(body, "model_provider"), Is.EqualTo("mp"));
            Assert.That(Text(body, "model_artifact_id") + Text(body, "model_artifact_version"), Is.EqualTo("iv"));
            Assert.That(Raw(body, "auth_context"), Is.EqualTo("""{"principal":"x","service_identity":"rt"}"""));
            Assert.That(Raw(body, "delegation_context"), Is.EqualTo("""{"from":"y"}"""));
            Assert.That(Raw(body, "metadata"), Is.EqualTo("""{"z":1,"policy_context":{"w":true},"mcp_runtime_identity":"rt"}"""));
            Assert.That(Text(body, "endpoint_id") + Text(body, "fleet_id"), Is.EqualTo("ef"));
        }
    }

    [Test]
    public async Task Body_BlankContext_IsOmitted()
    {
        await using var host = await HttpHost.StartAsync(options =>
        {
            options.Purpose = "";
            options.SessionIntent = "  ";
            options.TaskContext = new();
        });

        await host.CallAsync();

        string[] absent = ["purpose", "session_intent", "data_classification", "task_context", "metadata", "model_name", "auth_context", "delegation_context"];
        Assert.That(host.Server.Enforces.Single().Json.EnumerateObject().Select(m => m.Name).Intersect(absent), Is.Empty);
    }

    [Test]
    public async Task NoArguments_OmitsThem([Values] bool sync)
    {
        await using var host = await HttpHost.StartAsync();
        var governor = host.Services.GetRequiredService<IToolGovernor>();
        if (sync)
        {
            await Task.Run(() => governor.WrapTool("ping", () => 1)());
        }
        else
        {
            await governor.WrapTool("ping", () => Task.FromResult(1))();
        }

        Assert.That(host.Server.Enforces.Single().Json.TryGetProperty("tool_args", out _), Is.False);
    }

    [Test]
    public async Task History_IsTheNewest128WithTheCallItself()
    {
        await using var host = await HttpHost.StartAsync();
        var governor = host.Services.GetRequiredService<IToolGovernor>();
        for (var i = 0; i < 140; i++)
        {
            await governor.WrapTool($"tool_{i:000}", () => Task.FromResult(1))();
        }

        var history = host.Server.Enforces[^1].Json.GetProperty("session_tool_calls");
        Assert.That(history.GetArrayLength(), Is.EqualTo(128));
        Assert.That((history[0].GetString(), history[127].GetString()), Is.EqualTo(("tool_012", "tool_139")));
    }

    [Test]
    public async Task History_OfUnusualNames_IsEscaped()
    {
        await using var host = await HttpHost.StartAsync();
        string[] names = ["a", "read:data", "\"],\"x\":[\"", "\\", "werkzeug-für\u2028x", "a\nb", "<b>&'+", "\ud83d\ude00", "z"];
        foreach (var name in names)
        {
            await host.Services.GetRequiredService<IToolGovernor>().WrapTool(name, () => Task.FromResult(1))();
        }

        var body = host.Server.Enforces[^1].Json;
        Assert.That(body.GetProperty("session_tool_calls").EnumerateArray().Select(n => n.GetString()), Is.EqualTo(names));
        Assert.That(Text(body, "tool_name"), Is.EqualTo("z"));
    }

    [Test]
    public async Task Sessions_KeepTheirOwnContext()
    {
        await using var host = await HttpHost.StartAsync();
        await host.CallAsync();
        using (var session = host.Sessions.Start(new() { SessionId = "s-2", UserId = "u-2" }))
        {
            await host.CallAsync();
            await host.CallAsync();
        }

        var bodies = host.Server.Enforces.Select(r => r.Json).ToList();
        Assert.That(bodies.Skip(1).Select(b => Text(b, "session_id")), Is.EqualTo(["s-2", "s-2"]));
        Assert.That(bodies.Select(b => Text(b, "user_id")), Is.EqualTo(["system", "u-2", "u-2"]));
        Assert.That(bodies.Select(b => Text(b, "request_id")).Distinct().Count(), Is.EqualTo(3));
        Assert.That(bodies.Select(b => Text(b, "action_attestation_id")).Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task BigArguments_GoCompletely([Values] bool sync)
    {
        await using var host = await HttpHost.StartAsync();
        var path = new string('x', 1_000_000);

        Assert.That(await host.CallAsync(sync, path), Is.EqualTo(path));

        Assert.That(host.Server.Enforces.Single().Json.GetProperty("tool_args").GetProperty("path").GetString(), Is.EqualTo(path));
    }

    [Test]
    public async Task ParallelCalls_EachCarryTheirOwnArguments()
    {
        await using var host = await HttpHost.StartAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => host.CallAsync(sync: i % 2 == 0, $"p{i}"))));

        Assert.That(results, Is.EqualTo(Enumerable.Range(0, 64).Select(i => $"p{i}")));
        Assert.That(
            host.Server.Enforces.Select(r => r.Json.GetProperty("tool_args").GetProperty("path").GetString()),
            Is.EquivalentTo(results));
    }

    private static string? Text(JsonElement body, string name) => body.GetProperty(name).GetString();

    private static string Raw(JsonElement body, string name) => body.GetProperty(name).GetRawText();
}
