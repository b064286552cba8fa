using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Invocation;

/// <summary>Calls that have no .NET signature: decided once, recorded once, run once.</summary>
public class DecideTests
{
    private const string Arguments = """{"order":"A-1","amount":250}""";

    private static readonly ToolDescriptor s_refund = new("refund");
    private static readonly EnforcementDecision s_stepUp = new() { Type = DecisionType.StepUp, HoldToken = "token-7", Reason = "Refunds need an approval." };

    [Test]
    public async Task Allowed_RunsWithItsArguments_OneEvaluationAndOneRecord()
    {
        await using var host = Host();

        var decision = await DecideAsync(host);
        var result = await decision.RunAsync((arguments, _) => Task.FromResult(
            $"{((JsonElement)arguments["order"]!).GetString()}:{((JsonElement)arguments["amount"]!).GetInt32()}"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result, Is.EqualTo("A-1:250"));
            Assert.That((decision.MayRun, decision.Held, decision.Refusal, decision.ModelText), Is.EqualTo((true, (HeldCall?)null, (ThothException?)null, "")));
            Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
            Assert.That(host.LastArguments, Is.EqualTo(Arguments));
            Assert.That(host.Enforcer.LastRequest.ToolName, Is.EqualTo("refund"));
            Assert.That(host.Sessions.Current.ToolCalls, Is.EqualTo(["refund"]));
        }

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallPost/Post"]));
    }

    [Test]
    public async Task Map_IsDecidedAsItsJson()
    {
        await using var host = Host();
        var list = new List<int> { 1 };

        using var decision = await host.Get<IToolGovernor>().DecideAsync(
            new ToolDescriptor("refund") { Action = ToolAction.Delete },
            new Dictionary<string, object?> { ["order"] = "A-1", ["ids"] = list, ["note"] = null });
        list.Add(2);

        Assert.That(host.LastArguments, Is.EqualTo("""{"order":"A-1","ids":[1],"note":null}"""));
        Assert.That(host.Enforcer.LastRequest.Action, Is.EqualTo(ToolAction.Delete));
        Assert.That(((JsonElement)decision.Arguments["ids"]!).GetArrayLength(), Is.EqualTo(1));
        Assert.That(decision.Arguments["note"], Is.Null);
    }

    [Test]
    public async Task MapOfJson_IsDecidedAsItsJson()
    {
        await using var host = Host();
        var input = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"order":"A-1","ids":[1.50],"note":null}""")!;

        using var decision = await host.Get<IToolGovernor>().DecideAsync(new ToolDescriptor("refund"), input);
        input.Clear();

        Assert.That(host.LastArguments, Is.EqualTo("""{"order":"A-1","ids":[1.50],"note":null}"""));
        Assert.That(JsonSerializer.Serialize(decision.Arguments), Is.EqualTo("""{"order":"A-1","ids":[1.50],"note":null}"""));
        Assert.That(
            async () => await host.Get<IToolGovernor>().DecideAsync(s_refund, (IReadOnlyDictionary<string, JsonElement>)null!),
            Throws.ArgumentNullException);
    }

    [Test]
    public async Task MapOfJson_WithAnUndefinedValue_IsDecidedAndRunAsNull()
    {
        await using var host = Host();

        using var decision = await host.Get<IToolGovernor>().DecideAsync(s_refund, new Dictionary<string, JsonElement> { ["order"] = default });

        Assert.That(host.LastArguments, Is.EqualTo("""{"order":null}"""));
        Assert.That(decision.Arguments["order"], Is.Null);
    }

    [Test]
    public async Task Modified_RunsWithTheDecisionsArguments()
    {
        await using var host = Host(ScriptedEnforcer.Modify("""{"order":"A-1","amount":100}"""));

        using var decision = await DecideAsync(host);

        Assert.That(decision.MayRun, Is.True);
        Assert.That(JsonSerializer.Serialize(decision.Arguments), Is.EqualTo("""{"order":"A-1","amount":100}"""));
    }

    [Test]
    public async Task Blocked_IsARefusalWithATextForTheModel()
    {
        await using var host = Host(ScriptedEnforcer.Block with { MatchedRuleIds = ["no-refunds"] });

        using var decision = await DecideAsync(host);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decision.MayRun, Is.False);
            Assert.That(decision.Refusal, Is.TypeOf<PolicyViolationException>());
            Assert.That(decision.Arguments, Is.Empty);
            Assert.That(decision.ModelText, Is.EqualTo(
                "Not run: policy blocks the tool 'refund'. Reason: no. Rule: no-refunds. Do not try to get the same result in another way. Tell the user."));
            Assert.That(() => decision.RunAsync((_, _) => Task.FromResult(1)), Throws.Exception.SameAs(decision.Refusal));
        }

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }

    [Test]
    public async Task Deferred_NamesTheTimeToWait()
    {
        await using var host = Host(new() { Type = DecisionType.Defer, DeferReason = "The ledger is closed.", DeferTimeout = TimeSpan.FromSeconds(30) });

        using var decision = await DecideAsync(host);

        Assert.That(decision.Refusal, Is.TypeOf<PolicyDeferredException>());
        Assert.That(decision.ModelText, Is.EqualTo(
            "Not run: the tool 'refund' is deferred. Reason: The ledger is closed. You may call it again in 30 seconds."));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }

    [Test]
    public async Task EnforcerDown_IsARefusal()
    {
        await using var host = Host();
        host.Enforcer.Decide = _ => throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerTimeout, "down");

        using var decision = await DecideAsync(host);

        Assert.That(decision.Refusal, Is.TypeOf<EnforcerUnavailableException>());
        Assert.That(decision.ModelText, Is.EqualTo(
            "Not run: no decision could be made about the tool 'refund'. Do not call it again in this turn. Tell the user."));
    }

    [Test]
    public async Task Dropped_IsRecordedAsCancelledOnce()
    {
        await using var host = Host();

        var decision = await DecideAsync(host);
        decision.Dispose();
        decision.Dispose();

        Assert.That(() => decision.RunAsync((_, _) => Task.FromResult(1)), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Cancelled"]));
        Assert.That(host.Sessions.Current.ToolCalls, Is.Empty);
    }

    [Test]
    public async Task ForgottenDecision_IsRecordedAsCancelledByTheFinalizer()
    {
        await using var host = Host();

        await Forget(host);

        await Eventually.TrueAsync(
            () => host.Sink.Events.Count == 2, "the dropped call is recorded", async () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                await host.EventsAsync();
            });
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Cancelled"]));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static Task Forget(GovernedHost host) => Task.Run(async () => { _ = await DecideAsync(host); });
    }

    [Test]
    public async Task RunTwice_Throws_AndRunsOnce()
    {
        await using var host = Host();
        var runs = 0;

        using var decision = await DecideAsync(host);
        await decision.RunAsync((_, _) => Task.FromResult(++runs));

        Assert.That(() => decision.RunAsync((_, _) => Task.FromResult(++runs)), Throws.InvalidOperationException);
        decision.Dispose();
        Assert.That(runs, Is.EqualTo(1));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallPost/Post"]));
    }

    [Test]
    public async Task ParallelRuns_OneRuns()
    {
        await using var host = Host();
        var runs = 0;
        using var decision = await DecideAsync(host);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            try
            {
                await decision.RunAsync((_, _) => Task.FromResult(Interlocked.Increment(ref runs)));
            }
            catch (InvalidOperationException)
            {
            }
        })));

        Assert.That(runs, Is.EqualTo(1));
    }

    [Test]
    public async Task ToolThrows_IsTheSameException_RecordedAsAnError()
    {
        await using var host = Host();
        var thrown = new InvalidDataException();
        using var decision = await DecideAsync(host);

        Assert.That(() => decision.RunAsync<int>((_, _) => throw thrown), Throws.Exception.SameAs(thrown));

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallPost/Error"]));
    }

    [Test]
    public async Task RunCancelled_BeforeAndInTheTool_IsRecordedAsCancelled()
    {
        await using var host = Host();
        using var source = new CancellationTokenSource();
        using var running = await DecideAsync(host);
        using var late = await DecideAsync(host);

        Assert.That(
            () => running.RunAsync<int>((_, token) =>
            {
                source.Cancel();
                return Task.FromCanceled<int>(token);
            }, source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => late.RunAsync((_, _) => Task.FromResult(1), source.Token), Throws.InstanceOf<OperationCanceledException>());

        Assert.That((await host.EventNamesAsync())[2..], Is.EqualTo(["ToolCallPost/Cancelled", "ToolCallBlock/Cancelled"]));
    }

    [Test]
    public async Task RequestAborted_BeforeARunWithATokenOfItsOwn_DoesNotRun([Values] bool decidedWithAToken)
    {
        await using var host = Host();
        using var aborted = new CancellationTokenSource();
        using var own = new CancellationTokenSource();
        var ran = false;
        using (host.Sessions.GetOrStart("conv-1").Enter(aborted.Token))
        {
            using var decision = await host.Get<IToolGovernor>().DecideAsync(
                s_refund, Json(Arguments), null, decidedWithAToken ? own.Token : CancellationToken.None);
            await aborted.CancelAsync();

            Assert.That(
                () => decision.RunAsync((_, _) => Task.FromResult(ran = true), own.Token),
                Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(ran, Is.False);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["SessionStarted/Pre", "ToolCallPre/Pre", "ToolCallBlock/Cancelled"]));
    }

    [Test]
    public async Task DecisionCancelled_Throws_AndIsRecordedAsCancelled()
    {
        await using var host = Host();

        Assert.That(
            async () => await host.Get<IToolGovernor>().DecideAsync(s_refund, Json(Arguments), null, new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Cancelled"]));
    }

    [Test]
    public async Task SessionClosedBeforeTheRun_DoesNotRun()
    {
        await using var host = Host();
        var session = host.Sessions.Start();
        using var decision = await DecideAsync(host, new() { Session = session });
        session.Dispose();

        var refused = await Assert.ThrowsAsync<PolicyViolationException>(() => decision.RunAsync((_, _) => Task.FromResult(1)));

        Assert.That(refused!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionClosed));
        Assert.That((await host.EventNamesAsync())[^1], Is.EqualTo("ToolCallBlock/Block"));
    }

    [Test]
    public async Task Session_IsThatOfTheOptions_AndCurrentInTheTool()
    {
        await using var host = Host();
        var session = host.Sessions.GetOrStart("conv-1");
        var before = host.Sessions.Current;

        using var decision = await DecideAsync(host, new() { Session = session });
        Assert.That(host.Sessions.Current, Is.SameAs(before));
        var inside = await decision.RunAsync((_, _) => Task.FromResult(host.Sessions.Current));

        Assert.That(inside, Is.SameAs(session));
        Assert.That(host.Sessions.Current, Is.SameAs(before));
        Assert.That(host.Enforcer.LastRequest.Context.SessionId, Is.EqualTo("conv-1"));
    }

    [Test]
    public async Task SessionRequired_AndNone_IsRefused()
    {
        await using var host = GovernedHost.Create(_ => { }, options => options.RequireSession = true);

        using var none = await DecideAsync(host);
        using var providers = await DecideAsync(host, new() { Session = host.Sessions.Current });

        Assert.That(((PolicyViolationException)none.Refusal!).SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionRequired));
        Assert.That(((PolicyViolationException)providers.Refusal!).SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionRequired));
    }

    [Test]
    public async Task StepUp_IsReturnedAsHeld_AndResumedOnce()
    {
        await using var host = Host(s_stepUp);
        var polls = 0;
        using var held = await DecideAsync(host);
        Assert.That(held.Held!.Reason, Is.EqualTo("Refunds need an approval."));
        Assert.That(held.ModelText, Is.EqualTo(
            "Not run yet: the tool 'refund' waits for a person's approval. Reason: Refunds need an approval. Do not call it again. Tell the user that it is pending."));

        using var pending = await DecideAsync(host, new() { Held = held.Held });
        Assert.That(pending.Held!.Id, Is.EqualTo(held.Held.Id));

        host.Enforcer.Hold = (_, _, _) =>
        {
            polls++;
            return ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));
        };
        using var approved = await DecideAsync(host, new() { Held = held.Held });
        var result = await approved.RunAsync((_, _) => Task.FromResult("done"));
        using var replayed = await DecideAsync(host, new() { Held = held.Held });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result, Is.EqualTo("done"));
            Assert.That(polls, Is.EqualTo(1));
            Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
            Assert.That(((PolicyViolationException)replayed.Refusal!).SdkReasonCode, Is.EqualTo(SdkReasonCodes.StepUpApprovalUsed));
        }

        Assert.That((await host.EventNamesAsync())[..6], Is.EqualTo(
        ["ToolCallPre/Pre", "ToolCallHeld/Held", "ToolCallResumed/Resumed", "ToolCallHeld/Held", "ToolCallResumed/Resumed", "ToolCallPost/Post"]));
    }

    [Test]
    public async Task StepUp_OtherArgumentsAtResume_AreDecidedAnew()
    {
        await using var host = Host(s_stepUp);
        using var held = await DecideAsync(host);
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));

        using var other = await host.Get<IToolGovernor>().DecideAsync(s_refund, Json("""{"order":"A-1","amount":70000}"""), new() { Held = held.Held });

        Assert.That(other.Held!.Id, Is.Not.EqualTo(held.Held!.Id));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task StepUp_OfAnotherSession_CannotBeResumed()
    {
        await using var host = Host(s_stepUp);
        using var held = await DecideAsync(host, new() { Session = host.Sessions.GetOrStart("conv-1") });

        Assert.That(async () => await DecideAsync(host, new() { Held = held.Held, Session = host.Sessions.GetOrStart("conv-2") }), Throws.InvalidOperationException);
    }

    [Test]
    public async Task StepUp_Denied_IsRejected()
    {
        await using var host = Host(s_stepUp);
        using var held = await DecideAsync(host);
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Block with { Reason = "Ada said no" }));

        using var denied = await DecideAsync(host, new() { Held = held.Held });

        Assert.That(denied.Refusal, Is.TypeOf<StepUpRejectedException>());
        Assert.That(denied.ModelText, Is.EqualTo(
            "Not run: a person did not approve the tool 'refund'. Reason: Ada said no. Do not try again. Ask the user how to go on."));
    }

    [Test]
    public async Task StepUp_WaitForApproval_Waits()
    {
        await using var host = GovernedHost.Create(_ => { }, options => options.StepUp.Mode = StepUpMode.Throw);
        host.Enforcer.Decide = _ => s_stepUp;
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));

        using var decision = await DecideAsync(host, new() { WaitForApproval = true });

        Assert.That(decision.MayRun, Is.True);
    }

    [Test]
    public async Task CallId_IsInTheSpan_WhichIsCurrentInTheTool()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Thoth.Interception",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = Host();
        var before = Activity.Current;

        using var decision = await DecideAsync(host, new() { CallId = "call_7" });
        Assert.That(Activity.Current, Is.SameAs(before));
        var span = await decision.RunAsync((_, _) => Task.FromResult(Activity.Current!));

        Assert.That(span.GetTagItem("gen_ai.tool.call.id"), Is.EqualTo("call_7"));
        Assert.That((span.IsStopped, Activity.Current), Is.EqualTo((true, before)));
    }

    [TestCase("[1]")]
    [TestCase("\"text\"")]
    [TestCase("")]
    [TestCase("{")]
    [TestCase("{} {}")]
    [TestCase("""{"a":1,"a":2}""")]
    [TestCase("""{"a":{"b":1,"\u0062":2}}""")]
    [TestCase("""{"a":"\ud800"}""")]
    [TestCase("""{"a":1,}""")]
    public async Task JsonThatIsNoUnambiguousObject_IsRefusedWithoutAnEvaluation(string json)
    {
        await using var host = Host();

        using var decision = await host.Get<IToolGovernor>().DecideAsync(s_refund, Json(json));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(((PolicyViolationException)decision.Refusal!).SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsNotSerializable));
            Assert.That(decision.ModelText, Does.StartWith("Not run: the arguments of the tool 'refund' cannot be used."));
            Assert.That(host.Enforcer.Requests, Is.Empty);
        }

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }

    [Test]
    public async Task BytesThatAreNoUnicode_OrTooMany_AreRefused()
    {
        await using var host = Host();
        var governor = host.Get<IToolGovernor>();

        using var invalid = await governor.DecideAsync(s_refund, (byte[])[.. "{\"a\":\""u8, 0xff, .. "\"}"u8]);
        using var large = await governor.DecideAsync(s_refund, Json($$"""{"a":"{{new string('x', 1_100_000)}}"}"""));

        Assert.That((invalid.MayRun, large.MayRun), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task UnreadableJson_IsRefusedInObserveModeToo()
    {
        await using var host = GovernedHost.Create(_ => { }, options => options.Enforcement = EnforcementMode.Observe);

        using var refused = await host.Get<IToolGovernor>().DecideAsync(s_refund, Json("[]"));
        using var observed = await DecideAsync(host);

        Assert.That((refused.MayRun, observed.MayRun), Is.EqualTo((false, true)));
        Assert.That((refused.Decision?.SdkReasonCode, observed.Decision), Is.EqualTo((SdkReasonCodes.ToolArgsNotSerializable, (EnforcementDecision?)null)));
    }

    [Test]
    public async Task SensitiveNames_AreMaskedByName_AndTheEnforcerSeesThem()
    {
        await using var host = GovernedHost.Create(_ => { }, options => options.Events.Capture = EventCapture.Arguments);

        using var decision = await host.Get<IToolGovernor>().DecideAsync(
            new ToolDescriptor("pay") { Sensitive = ["pin"] }, Json("""{"order":"A-1","PIN":{"a":1},"pin":"1234"}"""));
        await decision.RunAsync((_, _) => Task.FromResult(1));

        Assert.That(host.LastArguments, Does.Contain("1234"));
        foreach (var e in await host.EventsAsync())
        {
            Assert.That(Encoding.UTF8.GetString(e.CapturedArguments.Span), Is.EqualTo("""{"order":"A-1","PIN":"***","pin":"***"}"""));
        }
    }

    private static GovernedHost Host(EnforcementDecision? decision = null)
    {
        var host = GovernedHost.Create(_ => { });
        host.Enforcer.Decide = _ => decision ?? ScriptedEnforcer.Allow;
        return host;
    }

    private static ValueTask<ToolCallDecision> DecideAsync(GovernedHost host, ToolCallOptions? options = null) =>
        host.Get<IToolGovernor>().DecideAsync(s_refund, Json(Arguments), options);

    private static ReadOnlyMemory<byte> Json(string json) => Encoding.UTF8.GetBytes(json);
}
