using Microsoft.Extensions.Time.Testing;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tests.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.AspNetCore.Tests.HeldCalls;

/// <summary>A web farm without a shared store, and the real enforcer.</summary>
public class HeldCallTicketTests
{
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("thoth-keys-");
    private RefundTools _tools = null!;
    private EnforcerHost _enforcer = null!;
    private FarmMachine _a = null!;
    private FarmMachine _b = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _tools = new();
        _enforcer = await EnforcerHost.StartAsync();
        (_a, _b) = (Machine(), Machine());
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        await _enforcer.DisposeAsync();
        _keys.Delete(recursive: true);
    }

    [Test]
    public async Task HeldOnOneMachine_ApprovedAndResumedOnAnother_RunsOnce()
    {
        var held = await _a.HoldAsync();
        Assert.That(await _b.Holds.PeekAsync((await _b.Holds.GetAsync(held.Id))!), Is.EqualTo(HeldCallState.Pending));
        Assert.That(await _b.ResumeAsync(held.Id), Is.EqualTo("held"));
        await ApproveAsync();
        _enforcer.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await _b.Holds.PeekAsync((await _b.Holds.GetAsync(held.Id))!), Is.EqualTo(HeldCallState.Approved));

        Assert.That(await _b.ResumeAsync(held.Id), Is.EqualTo("refunded A-1"));

        Assert.That(await _b.ResumeAsync(held.Id), Is.EqualTo(SdkReasonCodes.StepUpApprovalUsed), "this machine knows it");
        Assert.That(await _a.ResumeAsync(held.Id), Is.EqualTo("The call is not held, or its approval was used."), "the enforcer knows it");
        await using var restarted = Machine();
        Assert.That(await restarted.ResumeAsync(held.Id), Is.EqualTo("The call is not held, or its approval was used."));
        Assert.That(_tools.Runs, Is.EqualTo(1));
    }

    [Test]
    public async Task UsedOnAnotherMachine_IsNotRecordedAsExpired()
    {
        var held = await _a.HoldAsync();
        await ApproveAsync();
        await _b.ResumeAsync(held.Id);

        _enforcer.Time.Advance(TimeSpan.FromMinutes(5));

        await _a.ForgetsAsync();
        Assert.That(await EventsAsync(), Is.EqualTo(["TOOL_CALL_POST", "TOOL_CALL_PRE"]));
    }

    [Test]
    public async Task Used_ReplayedOnEachMachineInTimeAndLater_IsNotRecordedAsBlocked()
    {
        var held = await _a.HoldAsync();
        await ApproveAsync();
        await _b.ResumeAsync(held.Id);
        await using var restarted = Machine();

        Assert.That(await _a.ResumeAsync(held.Id), Is.Not.EqualTo("refunded A-1"));
        Assert.That(await restarted.ResumeAsync(held.Id), Is.Not.EqualTo("refunded A-1"));
        _enforcer.Time.Advance(TimeSpan.FromMinutes(5));
        await _a.ForgetsAsync();
        Assert.That(await _a.ResumeAsync(held.Id), Is.EqualTo(SdkReasonCodes.StepUpTimeout));
        Assert.That(await _b.ResumeAsync(held.Id), Is.Not.EqualTo("refunded A-1"));
        Assert.That(await restarted.ResumeAsync(held.Id), Is.Not.EqualTo("refunded A-1"));

        await restarted.Events.FlushAsync();
        Assert.That(await EventsAsync(), Is.EqualTo(["TOOL_CALL_POST", "TOOL_CALL_PRE"]));
        Assert.That(_tools.Runs, Is.EqualTo(1));
    }

    [Test]
    public async Task UsedOnAnotherMachine_EnforcerDownAtTheExpiry_IsAskedLater()
    {
        var time = new FakeTimeProvider(_enforcer.Time.GetUtcNow());
        var enforcer = new RepeatingEnforcer();
        await using var machine = FarmMachine.Start(_keys, _tools, time, enforcer: enforcer);
        await machine.HoldAsync();
        enforcer.Fails = true;

        time.Advance(TimeSpan.FromMinutes(15));
        await Eventually.TrueAsync(() => enforcer.Failures == 1, "the enforcer is asked");
        enforcer.Fails = false;
        enforcer.Resolution = new() { Type = DecisionType.Block, DecisionReasonCode = "unknown_hold" };
        await machine.ForgetsAsync(() => time.Advance(TimeSpan.FromSeconds(10)));

        Assert.That(machine.Events.Statistics.Enqueued, Is.EqualTo(3), "a start, a pre and a held event, and no end");
    }

    [Test]
    public async Task ResumedByNobody_IsRecordedAsExpiredByTheMachineThatHeldIt()
    {
        await _a.HoldAsync();

        _enforcer.Time.Advance(TimeSpan.FromMinutes(5));

        await _a.ForgetsAsync();
        Assert.That(await EventsAsync(), Is.EqualTo(["TOOL_CALL_BLOCK", "TOOL_CALL_PRE"]));
    }

    [Test]
    public async Task ResumedOnManyMachinesAtOnce_OneRuns()
    {
        for (var round = 1; round <= 5; round++)
        {
            var order = $"A-{round}";
            var held = await _a.HoldAsync(order);
            await ApproveAsync();

            var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => (i % 2 == 0 ? _a : _b).ResumeAsync(held.Id, order))));

            Assert.That(results.Count(result => result == $"refunded {order}"), Is.EqualTo(1));
            Assert.That(_tools.Runs, Is.EqualTo(round));
        }
    }

    [Test]
    public async Task TicketOfAnotherCall_RunsNothing()
    {
        var held = await _a.HoldAsync();
        await ApproveAsync();

        Assert.That(await _b.ResumeAsync(held.Id, user: "eve", session: "conv-2"), Is.EqualTo("another session or user"));
        Assert.That(await _b.ResumeAsync(held.Id, session: "conv-3"), Is.EqualTo("another session or user"));
        Assert.That(await _b.ResumeAsync(held.Id, order: "A-9"), Is.EqualTo("held anew"), "other arguments are decided anew");
        Assert.That(_tools.Runs, Is.Zero);
        Assert.That(await _b.ResumeAsync(held.Id), Is.EqualTo("refunded A-1"), "the ticket is not used up");
    }

    [Test]
    public async Task TicketOfTheSameConversationIdOfAnotherUser_RunsNothing()
    {
        var held = await _a.HoldAsync();
        await ApproveAsync();

        Assert.That(await _b.ResumeAsync(held.Id, user: "eve"), Is.EqualTo("another session or user"));
        Assert.That(_tools.Runs, Is.Zero);
    }

    [Test]
    public async Task Ticket_ExpiredOnAnotherMachine_RunsNothing()
    {
        var held = await _a.HoldAsync();
        await ApproveAsync();
        _enforcer.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.That(await _b.ResumeAsync(held.Id), Is.EqualTo(SdkReasonCodes.StepUpTimeout));
        Assert.That(_tools.Runs, Is.Zero);
    }

    [Test]
    public async Task Ticket_OfKeysOfAnotherApplication_IsUnknown()
    {
        var held = await _a.HoldAsync();
        await using var other = FarmMachine.Start(_keys, _tools, _enforcer.Time, _enforcer.Url, application: "another shop");

        Assert.That(await other.ResumeAsync(held.Id), Is.EqualTo("unknown"));
    }

    [Test]
    public async Task Ticket_WithAnyOtherCharacter_IsUnknown()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var ticket = (await _a.HoldAsync()).Id;
        Assert.That(ticket, Does.Match("^[A-Za-z0-9_-]{100,1500}$"));

        for (var at = 0; at < ticket.Length; at++)
        {
            // The six bits of the character, one after the other.
            for (var bit = 1; bit < 64; bit <<= 1)
            {
                var other = Alphabet[Alphabet.IndexOf(ticket[at], StringComparison.Ordinal) ^ bit];
                Assert.That(await _b.Holds.GetAsync($"{ticket[..at]}{other}{ticket[(at + 1)..]}"), Is.Null, $"{at}, {bit}");
            }
        }
    }

    [Test]
    public async Task Ticket_CutOrExtendedOrWrittenInAnotherWay_IsUnknown()
    {
        var ticket = (await _a.HoldAsync()).Id;

        for (var length = 0; length < ticket.Length; length++)
        {
            Assert.That(await _b.Holds.GetAsync(ticket[..length]), Is.Null);
        }

        foreach (var text in new[] { ticket + "A", ticket + "=", ticket + "==", " " + ticket, ticket + "\n", ticket.Insert(10, " "), "../" + ticket, new string('A', 100_000), "\0", "ä" })
        {
            Assert.That(await _b.Holds.GetAsync(text), Is.Null);
        }

        Assert.That(await _b.Holds.GetAsync(ticket), Is.Not.Null);
    }

    [Test]
    public async Task Ticket_ThatIsTooLong_IsRefused()
    {
        await using var machine = FarmMachine.Start(_keys, _tools, _enforcer.Time, _enforcer.Url, maxLength: 1_024);
        using var session = machine.Sessions.GetOrStart("conv-9", new()
        {
            UserId = "ada",
            ApprovedScope = ["refund", .. Enumerable.Range(0, 60).Select(_ => Guid.NewGuid().ToString("N"))],
        });

        Assert.That(await machine.ResumeAsync((await _a.HoldAsync()).Id, session: "conv-9"), Is.EqualTo("another session or user"));
        var refused = await Assert.ThrowsAsync<PolicyViolationException>(() => machine.HoldInAsync(session));
        Assert.That(refused!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.HeldCallNotStored));
        Assert.That(refused.InnerException!.Message, Does.Contain("HeldCallTicketOptions.MaxLength is 1024"));
    }

    [Test]
    public async Task Ticket_OfALongSession_FitsIntoTheDefault()
    {
        using var session = _a.Sessions.GetOrStart("conv-8", new()
        {
            UserId = "ada",
            SessionIntent = new string('i', 200),
            ApprovedScope = ["refund", .. Enumerable.Range(0, 20).Select(n => $"read_document_{n}")],
        });
        await _a.FillHistoryAsync(session, 128);

        var required = await Assert.ThrowsAsync<StepUpRequiredException>(() => _a.HoldInAsync(session));

        await TestContext.Out.WriteLineAsync($"{required!.HeldCall!.Id.Length} characters; {(await _a.HoldAsync()).Id.Length} of a new session");
        Assert.That(required.HeldCall.Id, Has.Length.LessThan(3_000));
    }

    [Test]
    public async Task List_HasTheCallsOfThisMachine()
    {
        var held = await _a.HoldAsync();

        var (here, there) = (await _a.Holds.ListAsync(_a.Sessions.GetOrStart("conv-1")), await _b.Holds.ListAsync(_b.Sessions.GetOrStart("conv-1", new() { UserId = "ada" })));

        Assert.That(here.Select(call => call.Id), Is.EqualTo([held.Id]));
        Assert.That(there, Is.Empty);
    }

    private FarmMachine Machine() => FarmMachine.Start(_keys, _tools, _enforcer.Time, _enforcer.Url);

    private async Task ApproveAsync()
    {
        var row = _enforcer.Approvals.Pending().First();
        Assert.That(await _enforcer.Approvals.ApproveAsync(row.Id, row.ArgumentsHash, "grace"), Is.EqualTo(AnswerOutcome.Recorded));
    }

    private async Task<string[]> EventsAsync()
    {
        await _a.Events.FlushAsync();
        await _b.Events.FlushAsync();
        return [.. _enforcer.Activity.Events(new ActivityFilter()).Select(e => e.Type).Where(type => type.StartsWith("TOOL_", StringComparison.Ordinal)).Order()];
    }
}
