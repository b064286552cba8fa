using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Tests.LocalPolicy.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Invocation;

/// <summary>Decided calls under a local policy: each decision type, and no argument in any text, event or log.</summary>
public class DecideByPolicyTests
{
    private const string Policy = """
        { "rules": [
          { "id": "read", "tools": "read_file", "decision": "allow" },
          { "id": "no-deletes", "tools": "delete_file", "decision": "block", "reason": "Nothing is deleted." },
          { "id": "few-columns", "tools": "export", "decision": "modify", "modify": { "keep_values": { "args.columns": ["name", "city"] } } },
          { "id": "big", "tools": "refund", "decision": "step_up", "reason": "Refunds need an approval." },
          { "id": "report", "tools": "report", "decision": "defer", "retry_seconds": 30 }
        ] }
        """;

    [TestCase("read_file", null)]
    [TestCase("export", null)]
    [TestCase("delete_file", "Not run: policy blocks the tool 'delete_file'. Reason: Nothing is deleted. Rule: no-deletes. ")]
    [TestCase("report", "Not run: the tool 'report' is deferred.")]
    [TestCase("refund", "Not run yet: the tool 'refund' waits for a person's approval. Reason: Refunds need an approval.")]
    public async Task Decision_IsThePolicys_AndItsTextSaysWhatToDo(string tool, string? text)
    {
        using var folder = new TemporaryFolder();
        await using var host = Host(folder);

        using var decision = await DecideAsync(host, tool, """{"columns":["name","ssn"]}""");

        Assert.That(decision.MayRun, Is.EqualTo(text is null));
        Assert.That(decision.ModelText, text is null ? Is.Empty : Does.StartWith(text));
        if (decision.MayRun)
        {
            Assert.That(
                await decision.RunAsync((arguments, _) => Task.FromResult(arguments["columns"]!.ToString())),
                Is.EqualTo(tool == "export" ? """["name"]""" : """["name","ssn"]"""));
        }
    }

    [TestCase("read_file", DecisionType.Allow, "read")]
    [TestCase("export", DecisionType.Modify, "few-columns")]
    [TestCase("delete_file", DecisionType.Block, "no-deletes")]
    [TestCase("report", DecisionType.Defer, "report")]
    [TestCase("refund", DecisionType.StepUp, "big")]
    [TestCase("unknown", DecisionType.Block, null)]
    public async Task Decision_OfACall_HasItsTypeAndRule(string tool, DecisionType type, string? rule)
    {
        using var folder = new TemporaryFolder();
        await using var host = Host(folder);

        using var decision = await DecideAsync(host, tool, """{"columns":["name","ssn"]}""");

        Assert.That(decision.Decision!.Type, Is.EqualTo(type));
        Assert.That(decision.Decision.MatchedRuleIds, Is.EqualTo((string[])(rule is null ? [] : [rule])));
    }

    [Test]
    public async Task HeldCall_ResolvedLater_RunsOnce()
    {
        using var folder = new TemporaryFolder();
        await using var host = Host(folder);
        using var held = await DecideAsync(host, "refund", """{"order":"A-1"}""");

        Assert.That(await host.Get<IThothHolds>().ResolveAsync(held.Held!, ApprovalAnswer.Approve("ada")), Is.True);
        using var approved = await DecideAsync(host, "refund", """{"order":"A-1"}""", new() { Held = held.Held });
        var result = await approved.RunAsync((arguments, _) => Task.FromResult(arguments["order"]!.ToString()));

        Assert.That(result, Is.EqualTo("A-1"));
        Assert.That(approved.Decision!.Evidence.TerminalReceipt!.Value.GetRawText(), Does.Contain("ada"));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallHeld/Held", "ToolCallResumed/Resumed", "ToolCallPost/Post"]));
    }

    [Test]
    public async Task Texts_Events_AndLogs_ContainNoArgument()
    {
        using var folder = new TemporaryFolder();
        using var log = new RecordingLogger(LogLevel.Debug);
        await using var host = Host(folder, log);
        var secrets = new List<string>();
        var texts = new StringBuilder();

        foreach (var tool in (string[])["read_file", "export", "delete_file", "report", "refund", "unknown"])
        {
            foreach (var shape in (string[])["{{\"columns\":[\"{0}\"],\"{1}\":\"{2}\"}}", "[\"{0}\",\"{1}\",\"{2}\"]", "{{\"a\":\"{0}\",\"a\":\"{1}\"}} {2}"])
            {
                string[] drawn = [Secret(), Secret(), Secret()];
                secrets.AddRange(drawn);
                using var decision = await DecideAsync(host, tool, string.Format(shape, drawn), new() { Held = null, CallId = "call_1" });
                texts.AppendLine(decision.ModelText).AppendLine(decision.Refusal?.ToString()).AppendLine(decision.ToString()).AppendLine(decision.Held?.ToString());
                Assert.That(decision.ModelText, Has.Length.LessThanOrEqualTo(1_000));
                Assert.That(decision.MayRun, Is.EqualTo(decision.ModelText.Length == 0));
            }
        }

        foreach (var e in await host.EventsAsync())
        {
            texts.AppendLine(System.Text.Json.JsonSerializer.Serialize(new { e.Type, e.Phase, e.Decision?.Reason, e.ErrorType, Captured = Encoding.UTF8.GetString(e.CapturedArguments.Span) }));
        }

        var all = texts + log.Text;
        Assert.That(all, Does.Contain("Nothing is deleted.").And.Contain("tool_args_not_serializable"));
        foreach (var secret in secrets)
        {
            Assert.That(all, Does.Not.Contain(secret));
        }

        static string Secret() => $"s{Guid.NewGuid():N}";
    }

    private static GovernedHost Host(TemporaryFolder folder, RecordingLogger? log = null) => GovernedHost.Create(services =>
    {
        services.AddThoth().UseLocalPolicy(folder.Write("p.json", Policy));
        if (log is not null)
        {
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        }
    });

    private static ValueTask<ToolCallDecision> DecideAsync(GovernedHost host, string tool, string json, ToolCallOptions? options = null) =>
        host.Get<IToolGovernor>().DecideAsync(new ToolDescriptor(tool), Encoding.UTF8.GetBytes(json), options);
}
