using System.Runtime.CompilerServices;
using System.Text;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Events.Serialization;
using Thoth.Interception.Serialization;
using Thoth.Interception.Sessions;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events.Queue;

/// <summary>What waits as bytes is sent as if it had never waited.</summary>
public class SerializedEventBufferTests
{
    private readonly SerializedEventBuffer _waiting = new();

    [Test]
    public void EventsOfEveryKind_ComeOutInOrder_AsTheyWentIn()
    {
        var decision = new EnforcementDecision
        {
            Type = DecisionType.Block,
            DecisionReasonCode = "no",
            ViolationId = "v\"1",
            MatchedRuleIds = ["r1", "r2"],
            Evidence = new()
            {
                RiskScore = 0.1,
                Receipt = WrappedTools.Json("""{"receipt_id":"r","decision":{"outcome":"x"}}"""),
            },
        };
        var other = new EnforcementContext { TenantId = "other", AgentId = "b", SessionId = "s2", EnforcementTraceId = "t2" };
        BehavioralEvent[] events =
        [
            BehavioralEvent.SessionStarted(EventSamples.Context, DateTimeOffset.UnixEpoch),
            EventSamples.New(),
            EventSamples.New(BehavioralEventType.ToolCallPost, decision with { Type = DecisionType.Allow }),
            EventSamples.New(BehavioralEventType.ToolCallBlock, decision, other),
            EventSamples.New(BehavioralEventType.ToolCallBlock),
            Given("own", "action"),
            EventSamples.New(context: other),
            Given("", ""),
        ];

        AssertComeOut(events);
    }

    [Test]
    public void Histories_AreThoseOfTheirOwnTime()
    {
        var recorder = new ToolCallHistory.Recorder();
        var (a, b) = (new EncodedToolName("a"), new EncodedToolName("\u00e4\""));
        var events = new List<BehavioralEvent>();
        for (var i = 0; i < 700; i++)
        {
            events.Add(WithHistory(recorder.ViewWith(i % 3 == 0 ? a : b)));
            recorder.Add(i % 3 == 0 ? a : b);
            events.Add(WithHistory(recorder.View()));
        }

        AssertComeOut([.. events]);
    }

    [Test]
    public void MoreThanOneSegment_AndOutcomesLargerThanOne_ComeOutInOrder()
    {
        var large = new EnforcementDecision { Type = DecisionType.Allow, DecisionReasonCode = new string('x', 100_000) };
        var events = Enumerable.Range(0, 3_000)
            .Select(i => EventSamples.New(BehavioralEventType.ToolCallPost, i % 500 == 7 ? large : new() { Type = DecisionType.Allow }))
            .ToArray();

        AssertComeOut(events);
        AssertComeOut(events[..20]);
    }

    [Test]
    public void AddingAndTakingInTurns_LosesNothing()
    {
        var random = new Random(7);
        var (added, taken) = (new List<string>(), new List<string>());
        for (var round = 0; round < 2_000; round++)
        {
            for (var i = random.Next(12); i > 0; i--)
            {
                var e = EventSamples.New();
                added.Add(e.EventId);
                _waiting.Add(e);
            }

            taken.AddRange(Taken(random.Next(12)).Select(e => $"acme:{e.Id.Uuid}"));
            Assert.That(_waiting.Count, Is.EqualTo(added.Count - taken.Count));
        }

        taken.AddRange(Taken(int.MaxValue).Select(e => $"acme:{e.Id.Uuid}"));
        Assert.That(taken, Is.EqualTo(added));
        Assert.That(Taken(10), Is.Empty);
    }

    [Test]
    public async Task ManyThreads_TakeEachEventOnce()
    {
        const int Writers = 4;
        const int Each = 5_000;
        var writing = Enumerable.Range(0, Writers).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                _waiting.Add(EventSamples.New());
            }
        }));
        var written = Task.WhenAll(writing);
        var readers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var mine = new List<SerializedEvent>();
            await Eventually.TrueAsync(
                () => written.IsCompleted && _waiting.Count == 0, "all events are written and taken", () => _waiting.Take(mine, 10));
            return mine;
        })));

        Assert.That(readers.SelectMany(mine => mine).Select(e => e.Id.Uuid).Distinct().Count(), Is.EqualTo(Writers * Each));
        Assert.That(readers.Sum(mine => mine.Count), Is.EqualTo(Writers * Each));
    }

    [Test]
    public void RequestAndDecision_AreNotKeptForTheEvent()
    {
        var (request, decision) = Added();

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.That((request.IsAlive, decision.IsAlive), Is.EqualTo((false, false)));
        Assert.That(Taken(1), Has.Count.EqualTo(1));

        [MethodImpl(MethodImplOptions.NoInlining)]
        (WeakReference Request, WeakReference Decision) Added()
        {
            var e = EventSamples.New(BehavioralEventType.ToolCallPost, new EnforcementDecision { Type = DecisionType.Allow });
            _waiting.Add(e);
            return (new(e.Request), new(e.Decision));
        }
    }

    private static BehavioralEvent Given(string id, string action) => new(
        BehavioralEventType.ToolCallPost,
        new EnforcementRequest
        {
            Context = EventSamples.Context,
            ToolName = "",
            SessionToolCalls = ["x", "y\n"],
            OccurredAt = DateTimeOffset.UnixEpoch,
            ActionAttestationId = action,
        })
    {
        Phase = EventPhase.Error,
        OccurredAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(-3)),
        EventId = id.Length > 0 ? id : "acme:" + Guid.NewGuid(),
        Duration = TimeSpan.FromTicks(3_333),
        ErrorType = "E\u00e4",
    };

    private static BehavioralEvent WithHistory(IReadOnlyList<string> history) => new(
        BehavioralEventType.ToolCallPre,
        new EnforcementRequest
        {
            Context = EventSamples.Context,
            ToolName = "search",
            SessionToolCalls = history,
            OccurredAt = DateTimeOffset.UnixEpoch,
        })
    {
        Phase = EventPhase.Pre,
        OccurredAt = DateTimeOffset.UnixEpoch,
    };

    private void AssertComeOut(BehavioralEvent[] events)
    {
        var sent = EventSamples.Body(events);

        Array.ForEach(events, _waiting.Add);
        Assert.That(_waiting.Count, Is.EqualTo(events.Length));
        var body = new EventBatchBody();
        body.Write(Taken(events.Length));

        Assert.That(Encoding.UTF8.GetString(body.Written.Span), Is.EqualTo(sent));
        Assert.That(_waiting.Count, Is.Zero);
    }

    private List<SerializedEvent> Taken(int most)
    {
        var batch = new List<SerializedEvent>();
        _waiting.Take(batch, most);
        return batch;
    }
}
