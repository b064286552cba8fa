using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Pipeline;

public class ObserveModeTests
{
    [Test]
    public async Task Call_ByDefault_IsNotEvaluatedAndGetsNoVerdict()
    {
        await using var host = WrappedTools.Host(options => options.Enforcement = EnforcementMode.Observe);

        host.Wrap((double value) => value)(double.NaN);

        Assert.That(host.Enforcer.Requests, Is.Empty);
        var events = await host.EventsAsync();
        Assert.That(events.Select(e => e.Phase), Is.EqualTo([EventPhase.Pre, EventPhase.Post]));
        Assert.That(events[1].Decision, Is.Null);
    }

    [Test]
    public async Task Evaluate_Verdict_IsOnThePostEventAsItWas()
    {
        await using var host = Host();
        var verdict = new EnforcementDecision { Type = DecisionType.Block, ViolationId = "v1", ActionAttestationId = "another" };
        host.Enforcer.Decide = _ => verdict;

        host.Wrap((int value) => value)(1);

        var events = await TestEvents.WaitAsync(host, 2);
        Assert.That(events[1].Type, Is.EqualTo(BehavioralEventType.ToolCallPost));
        Assert.That(events[1].Decision, Is.SameAs(verdict));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(host.LastArguments, Is.EqualTo("""{"value":1}"""));
    }

    [Test]
    public async Task Evaluate_EnforcerThatNeverDecides_DelaysNothingAndLosesNoEvent()
    {
        await using var host = Host();
        var asked = new TaskCompletionSource();
        host.Enforcer.DecideAsync = (_, _) =>
        {
            asked.SetResult();
            return new(new TaskCompletionSource<EnforcementDecision>().Task);
        };

        Assert.That(host.Wrap((int value) => value)(1), Is.EqualTo(1));
        await asked.Task;
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre"]), "the event waits for the verdict, the caller does not");
        host.Time.Advance(TimeSpan.FromSeconds(5));

        var events = await TestEvents.WaitAsync(host, 2);
        Assert.That(events[1].Phase, Is.EqualTo(EventPhase.Post));
        Assert.That(events[1].Decision, Is.Null);
    }

    [Test]
    public async Task Evaluate_EnforcerThatFails_IsIgnored()
    {
        await using var host = Host();
        host.Enforcer.Decide = _ => throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerUnreachable, "down");

        Assert.That(await host.Wrap((int value) => Task.FromResult(value))(1), Is.EqualTo(1));

        var events = await TestEvents.WaitAsync(host, 2);
        Assert.That(events[1].Decision, Is.Null);
    }

    [Test]
    public async Task Evaluate_CallThatTheLibraryRefuses_IsRecordedWithTheRefusal([Values] bool decides)
    {
        await using var host = Host();
        if (!decides)
        {
            host.Enforcer.DecideAsync = (_, _) => new(new TaskCompletionSource<EnforcementDecision>().Task);
        }

        // Closed elsewhere, so that it still is this flow's session.
        var session = host.Sessions.Start();
        await Task.Run(session.Dispose);

        Assert.That(() => host.Wrap((int value) => value)(1), Throws.TypeOf<PolicyViolationException>());

        var events = await TestEvents.WaitAsync(host, 3);
        Assert.That(events[^1].Type, Is.EqualTo(BehavioralEventType.ToolCallBlock));
        Assert.That(events[^1].Decision!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionClosed));
    }

    [Test]
    public async Task Evaluate_ArgumentsThatCannotBeShown_RunUnasked()
    {
        await using var host = Host();

        Assert.That(host.Wrap((double value) => value)(double.NaN), Is.NaN);

        Assert.That(host.Enforcer.Requests, Is.Empty);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallPost/Post"]));
    }

    private static GovernedHost Host() => WrappedTools.Host(options =>
    {
        options.Enforcement = EnforcementMode.Observe;
        options.EvaluateInObserveMode = true;
    });
}
