using System.Text.Json;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events.Sinks;

/// <summary>Evidence for a collector: structured, and never more than goes over the wire.</summary>
public class LoggerEventSinkTests
{
    [Test]
    public async Task State_HasTheWireMembers_AndNothingElse()
    {
        var receipt = WrappedTools.Json("""{"receipt_id":"r1","decision":{"outcome":"ran","note":"secret"},"other":"secret"}""");
        var decision = new EnforcementDecision
        {
            Type = DecisionType.Block,
            Reason = "secret",
            ViolationId = "v1",
            MatchedRuleIds = ["a", "b"],
            Evidence = new()
            {
                RiskScore = 0.5,
                RuleVersion = 7,
                Receipt = receipt,
            },
        };
        var e = EventSamples.New(BehavioralEventType.ToolCallBlock, decision);

        var (category, level, text, state) = await LogAsync(e);

        Assert.That((category, level), Is.EqualTo(("Thoth.Interception.Evidence", LogLevel.Information)));
        Assert.That(text, Does.StartWith("ToolCallBlock tool search: Block BLOCK").And.Not.Contain("secret"));
        Assert.That(state.Keys, Is.EquivalentTo(NamesIn("", EventSamples.Wire(e))));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(state["event_id"], Is.EqualTo(e.EventId));
            Assert.That(state["event_phase"], Is.EqualTo("block"));
            Assert.That(state["risk_score"], Is.EqualTo(0.5));
            Assert.That(state["rule_version"], Is.EqualTo(7L));
            Assert.That(state["matched_rule_ids"], Is.EqualTo(["a", "b"]));
            Assert.That(state["receipt.receipt_id"], Is.EqualTo("r1"));
            Assert.That(state["receipt.decision.outcome"], Is.EqualTo("ran"));
            Assert.That(string.Join(' ', state.Values), Does.Not.Contain("secret"));
        }
    }

    [Test]
    public async Task CapturedArguments_AreNotLogged()
    {
        var sample = EventSamples.New();
        var e = new BehavioralEvent(sample.Type, sample.Request)
        {
            Phase = EventPhase.Pre,
            OccurredAt = DateTimeOffset.UnixEpoch,
            CapturedArguments = "{\"card\":\"secret\"}"u8.ToArray(),
        };

        var (_, _, text, state) = await LogAsync(e);

        Assert.That(text + string.Join(' ', state.Values), Does.Not.Contain("secret"));
    }

    [Test]
    [SetCulture("de-DE")]
    public async Task Text_IsTheSameInEveryCulture()
    {
        var sample = EventSamples.New();
        var e = new BehavioralEvent(BehavioralEventType.ToolCallPost, sample.Request)
        {
            Phase = EventPhase.Post,
            OccurredAt = DateTimeOffset.UnixEpoch,
            Duration = TimeSpan.FromMilliseconds(3.25),
        };

        var (_, _, text, _) = await LogAsync(e);

        Assert.That(text, Does.Contain(" 3.25 ms "));
    }

    private static async Task<(string Category, LogLevel Level, string Text, Dictionary<string, object?> State)> LogAsync(BehavioralEvent e)
    {
        using var log = new StateLog();
        using var loggers = new LoggerFactory([log]);
        await new LoggerEventSink(loggers).SendAsync([EventSamples.New(), e], CancellationToken.None);
        Assert.That(log.Entries, Has.Count.EqualTo(2));
        return log.Entries[1];
    }

    private static IEnumerable<string> NamesIn(string prefix, JsonElement members) => members.EnumerateObject().SelectMany(member =>
        member.Value.ValueKind != JsonValueKind.Object ? [prefix + member.Name]
        : member.Name == "metadata" ? NamesIn("", member.Value)
        : NamesIn($"{prefix}{member.Name}.", member.Value));

    private sealed class StateLog : ILoggerProvider
    {
        public List<(string Category, LogLevel Level, string Text, Dictionary<string, object?> State)> Entries { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, Entries);

        public void Dispose()
        {
        }

        private sealed class Logger(string category, List<(string, LogLevel, string, Dictionary<string, object?>)> entries) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                entries.Add((category, logLevel, formatter(state, exception),
                    new Dictionary<string, object?>((IReadOnlyList<KeyValuePair<string, object?>>)(object)state!)));
        }
    }
}
