using System.Text.Json;
using System.Text.Json.Nodes;
using Thoth.Conformance;
using Thoth.Conformance.Library;

namespace Thoth.Interception.Tests.Conformance;

/// <summary>The runner itself: it runs a case wholly or fails it.</summary>
public class ConformanceRunnerTests
{
    [Test]
    public void Cases_OfTheContract_AreAsManyAsTheFileSays()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(VectorFile.Own));
        var counts = document.RootElement.GetProperty("counts").Deserialize<Dictionary<string, int>>();

        var cases = VectorFile.Read(VectorFile.Own);

        Assert.That(cases, Has.Count.EqualTo(176));
        Assert.That(cases.CountBy(vector => vector.GetProperty("kind").GetString()!), Is.EquivalentTo(counts!));
        Assert.That(cases.Select(vector => vector.GetProperty("id").GetString()), Is.Unique);
    }

    [Test]
    public void Read_FileOfAnotherSchema_IsRefused()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """{"schema_version":2,"cases":[]}""");

            Assert.That(() => VectorFile.Read(file), Throws.TypeOf<ConformanceException>());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public Task Run_UnknownKind_Fails() =>
        Assert.ThatAsync(() => RunAsync("config-defaults", vector => vector["kind"] = "telepathy"), FailsWith("telepathy"));

    [TestCase("config-defaults", "surprise")]
    [TestCase("config-defaults", "input.surprise")]
    [TestCase("config-defaults", "input.options.surprise")]
    [TestCase("config-defaults", "expected.surprise")]
    [TestCase("config-missing-url", "expected.surprise")]
    [TestCase("decision-bind-attestation-mismatch", "input.request.surprise")]
    [TestCase("decision-allow", "expected.surprise")]
    [TestCase("http-500-open", "input.surprise")]
    [TestCase("http-500-open", "input.response.surprise")]
    [TestCase("http-500-open", "expected.surprise")]
    [TestCase("modify-arg0-scalar", "input.surprise")]
    [TestCase("modify-arg0-scalar", "expected.surprise")]
    [TestCase("stepup-allow", "input.config.surprise")]
    [TestCase("stepup-allow", "input.polls[0].surprise")]
    [TestCase("stepup-allow", "expected.surprise")]
    [TestCase("request-core", "input.config.surprise")]
    [TestCase("request-core", "input.session.surprise")]
    [TestCase("request-core", "input.call.surprise")]
    [TestCase("request-history-cap", "expected.body_checks[0].surprise")]
    [TestCase("event-allow-order", "input.config.surprise")]
    [TestCase("event-allow-order", "input.call.surprise")]
    [TestCase("event-allow-order", "expected.events[0].surprise")]
    [TestCase("event-stepup-timeout-order", "input.hold[0].surprise")]
    [TestCase("event-ttl", "input.surprise")]
    [TestCase("event-ttl", "expected.surprise")]
    [TestCase("event-batch-shape", "input.config.surprise")]
    [TestCase("event-batch-shape", "expected.request.surprise")]
    [TestCase("event-session-start", "input.surprise")]
    [TestCase("event-session-start", "expected.events[0].surprise")]
    [TestCase("event-token-never-logged", "input.surprise")]
    [TestCase("event-token-never-logged", "expected.surprise")]
    public Task Run_UnknownKey_Fails(string id, string path) =>
        Assert.ThatAsync(() => RunAsync(id, vector => Add(vector, path)), FailsWith(path));

    [TestCase("decision-unknown", "expected.fields", "surprise")]
    [TestCase("stepup-deny-alias", "expected.exception_fields", "surprise")]
    [TestCase("config-defaults", "expected.resolved", "surprise")]
    [TestCase("http-refused-closed", "input", "fault")]
    [TestCase("stepup-network-error-then-allow", "input.polls[0]", "fault")]
    [TestCase("event-buffer-full", "input", "ingest")]
    [TestCase("event-close-flushes", "input", "then")]
    [TestCase("event-session-start", "input", "action")]
    [TestCase("event-tool-throws", "expected", "caller_sees")]
    public Task Run_UnknownWord_Fails(string id, string path, string key) =>
        Assert.ThatAsync(() => RunAsync(id, vector => At(vector, path)[key] = "telepathy"), Throws.TypeOf<ConformanceException>());

    [TestCase("decision-allow", "expected.decision")]
    [TestCase("http-503-closed", "expected.reason")]
    [TestCase("modify-arg0-scalar", "expected.outcome")]
    [TestCase("stepup-allow", "expected.first_path")]
    [TestCase("request-core", "expected.body.tool_name")]
    [TestCase("event-allow-order", "expected.events[1].content")]
    [TestCase("event-projection", "expected.wire.event_id")]
    [TestCase("event-retry", "expected.request")]
    [TestCase("event-session-start", "expected.events[0].content")]
    [TestCase("event-no-key-still-runs", "expected.outcome")]
    [TestCase("event-token-never-logged", "expected.log_must_contain[0]")]
    [TestCase("config-log-unknown", "expected.resolved.log_level")]
    [TestCase("config-negative-stepup", "expected.error_contains")]
    [TestCase("config-defaults", "expected.resolved.environment")]
    public Task Run_AnotherExpectation_Fails(string id, string path) =>
        Assert.ThatAsync(() => RunAsync(id, vector => Parent(vector, path, out var key)[key] = "telepathy"), Throws.TypeOf<ConformanceException>());

    private static NUnit.Framework.Constraints.Constraint FailsWith(string text) =>
        Throws.TypeOf<ConformanceException>().With.Message.Contains(text);

    private static Task RunAsync(string id, Action<JsonObject> change)
    {
        var vector = VectorFile.Read(VectorFile.Own).Single(vector => vector.GetProperty("id").GetString() == id);
        var changed = JsonObject.Create(vector)!;
        change(changed);
        return VectorRunner.RunAsync(changed.Deserialize<JsonElement>());
    }

    private static void Add(JsonObject vector, string path) => Parent(vector, path, out var key)[key] = 1;

    private static JsonObject Parent(JsonObject vector, string path, out string key)
    {
        var dot = path.LastIndexOf('.');
        key = path[(dot + 1)..];
        return dot < 0 ? vector : At(vector, path[..dot]);
    }

    private static JsonObject At(JsonObject vector, string path)
    {
        JsonNode at = vector;
        foreach (var step in path.Replace("[", ".[", StringComparison.Ordinal).Split('.'))
        {
            at = (step[0] == '[' ? at[int.Parse(step[1..^1])] : at[step])!;
        }

        return at.AsObject();
    }
}
