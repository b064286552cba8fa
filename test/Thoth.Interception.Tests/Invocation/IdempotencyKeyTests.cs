using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.StepUp;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Invocation;

/// <summary>Which calls have the same idempotency key: the repetitions of one call, and no others.</summary>
public class IdempotencyKeyTests
{
    public interface ILedgerTools
    {
        Task<string> RefundAsync(string order, int amount);

        Task<string> NoteAsync(string text);

        Task<string> CloseCaseAsync(string order);

        string Ping();
    }

    private sealed class LedgerTools : ILedgerTools
    {
        public ICurrentToolCall Current { get; set; } = null!;

        public ILedgerTools Proxy { get; set; } = null!;

        public Exception? Failure { get; set; }

        public List<(string Tool, string Key)> Booked { get; } = [];

        public string[] Keys => [.. Booked.Select(booking => booking.Key)];

        public Task<string> RefundAsync(string order, int amount) => BookAsync();

        public Task<string> NoteAsync(string text) => BookAsync();

        public async Task<string> CloseCaseAsync(string order)
        {
            await Proxy.NoteAsync(order);
            await Proxy.NoteAsync(order);
            return await BookAsync();
        }

        public string Ping() => Current.Call!.IdempotencyKey;

        private async Task<string> BookAsync()
        {
            await Task.Yield();
            lock (Booked)
            {
                Booked.Add((Current.Call!.ToolName, Current.Call.IdempotencyKey));
            }

            return Failure is { } failure ? throw failure : Current.Call.IdempotencyKey;
        }
    }

    [Test]
    public async Task CallId_MadeAgain_HasTheSameKey_OnAnyMachineOfTheApplication([Values("secret", null)] string? apiKey)
    {
        await using var host = Host(out _, options => options.ApiKey = apiKey);
        await using var other = Host(out _, options => options.ApiKey = apiKey);

        var first = await RunAsync(host, "call_1", 250);

        Assert.That(await RunAsync(host, "call_1", 250), Is.EqualTo(first));
        Assert.That(await RunAsync(other, "call_1", 250), Is.EqualTo(first));
    }

    [Test]
    public async Task AnotherCallIdArgumentSessionToolOrApplication_IsAnotherCall()
    {
        await using var host = Host(out _);
        await using var tenant = Host(out _, options => options.TenantId = "acmeagent");
        await using var agent = Host(out _, options => (options.TenantId, options.AgentId) = ("acmeag", "ent"));
        await using var key = Host(out _, options => options.ApiKey = "secret");
        var decide = new Func<GovernedHost, string, string, string, string, Task<string>>(RunAsync);

        string[] keys =
        [
            await RunAsync(host, "call_1", 250),
            await RunAsync(host, "call_1", 251),
            await RunAsync(host, "call_2", 250),
            await RunAsync(host, "call_1", 250, session: "conv-2"),
            await decide(host, "call_1", "note", """{"text":"a"}""", "conv-1"),
            await decide(host, "call_1", "other", """{"order":"A-1","amount":250}""", "conv-1"),
            await decide(host, "call_1", "x", "{}", "ab"),
            await decide(host, "call_1", "bx", "{}", "a"),
            await decide(host, "call_1b", "x", "{}", "a"),
            await RunAsync(tenant, "call_1", 250),
            await RunAsync(agent, "call_1", 250),
            await RunAsync(key, "call_1", 250),
        ];

        Assert.That(keys, Is.Unique);
    }

    [Test]
    public async Task EqualCallsInOneScope_HaveKeysOfTheirOwn_AlsoAtOnce()
    {
        await using var host = Host(out var tools);
        using var session = host.Sessions.GetOrStart("conv-1").Enter();

        await host.Get<ILedgerTools>().RefundAsync("A-1", 250);
        await host.Get<ILedgerTools>().RefundAsync("A-1", 250);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.Get<ILedgerTools>().RefundAsync("A-1", 250)));

        Assert.That(tools.Keys, Has.Length.EqualTo(52).And.Unique);
    }

    [Test]
    public async Task EqualCallsOutsideOfScopesOrInOthers_HaveKeysOfTheirOwn()
    {
        await using var host = Host(out var tools);
        await host.Get<ILedgerTools>().RefundAsync("A-1", 250);
        await host.Get<ILedgerTools>().RefundAsync("A-1", 250);
        for (var request = 0; request < 2; request++)
        {
            using (host.Sessions.GetOrStart("conv-1").Enter())
            {
                await host.Get<ILedgerTools>().RefundAsync("A-1", 250);
            }
        }

        Assert.That(tools.Keys, Is.Unique);
    }

    [Test]
    public async Task EqualCallAfterAFailedOne_IsItsRepetition()
    {
        await using var host = Host(out var tools);
        using var session = host.Sessions.GetOrStart("conv-1").Enter();
        tools.Failure = new TimeoutException();
        Assert.That(() => host.Get<ILedgerTools>().RefundAsync("A-1", 250), Throws.TypeOf<TimeoutException>());
        Assert.That(() => host.Get<ILedgerTools>().RefundAsync("A-1", 250), Throws.TypeOf<TimeoutException>());
        tools.Failure = null;

        await host.Get<ILedgerTools>().RefundAsync("A-1", 250);
        await host.Get<ILedgerTools>().RefundAsync("A-1", 250);

        Assert.That(tools.Keys[..3], Is.All.EqualTo(tools.Keys[0]));
        Assert.That(tools.Keys[3], Is.Not.EqualTo(tools.Keys[0]));
    }

    [Test]
    public async Task NestedCalls_HaveTheSameKeysIfTheOuterCallIsMadeAgain()
    {
        await using var host = Host(out var tools);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await RunAsync(host, "call_1", "close_case", """{"order":"A-1"}""", "conv-1");
        }

        Assert.That(tools.Booked.Select(booking => booking.Tool), Is.EqualTo(["note", "note", "close_case", "note", "note", "close_case"]));
        var (first, again) = (tools.Keys[..3], tools.Keys[3..]);
        Assert.That(first, Is.Unique);
        Assert.That(again, Is.EqualTo(first));
    }

    [Test]
    public async Task RepeatedRequest_EachCallHasTheKeyThatItHad_AlsoInAnotherProcess([Values] bool elsewhere, [Values] bool scopesInside)
    {
        var store = new InMemoryHeldCallStore();
        await using var host = Host(out var tools, store: store);
        await using var other = Host(out var otherTools, store: store);
        host.Enforcer.Decide = other.Enforcer.Decide = HoldRefund;
        HeldCall? held = null;
        using (host.Sessions.GetOrStart("conv-1").Enter())
        {
            held = (await Assert.ThrowsAsync<StepUpRequiredException>(() => EndpointAsync(host, scopesInside)))!.HeldCall;
        }

        var first = tools.Keys;
        Assert.That(first, Has.Length.EqualTo(4).And.Unique);
        var (second, ran) = elsewhere ? (other, otherTools) : (host, tools);
        second.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));
        tools.Booked.Clear();
        using (second.Sessions.GetOrStart("conv-1").Enter())
        using (second.Get<IThothHolds>().Resume((await second.Get<IThothHolds>().GetAsync(held!.Id))!))
        {
            await EndpointAsync(second, scopesInside);
        }

        Assert.That(ran.Booked.Select(booking => booking.Tool), Is.EqualTo(["note", "note", "note", "close_case", "refund", "refund"]));
        Assert.That(ran.Keys[..4], Is.EqualTo(first));
        Assert.That(ran.Keys, Is.Unique);

        // The held call's key is the one that its hold reserved: a second repetition has the same.
        Assert.That(HeldCallData.Of(held.Entry).IdempotencyKey, Is.EqualTo(ran.Keys[4]));
    }

    [Test]
    public async Task ResumedAlone_TheHeldCallDoesNotGetTheKeyOfAnEqualCallThatRan()
    {
        await using var host = Host(out var tools);
        var decided = 0;
        host.Enforcer.Decide = _ => decided++ == 0 ? ScriptedEnforcer.Allow : Hold;
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));
        using var session = host.Sessions.GetOrStart("conv-1").Enter();
        await host.Get<ILedgerTools>().RefundAsync("A-1", 250);
        var held = (await Assert.ThrowsAsync<StepUpRequiredException>(() => host.Get<ILedgerTools>().RefundAsync("A-1", 250)))!.HeldCall!;

        using (host.Get<IThothHolds>().Resume(held))
        {
            await host.Get<ILedgerTools>().RefundAsync("A-1", 250);
        }

        Assert.That(tools.Keys, Has.Length.EqualTo(2).And.Unique);
    }

    [Test]
    public async Task RepeatedOperation_AnEqualCallAfterTheResumedOne_HasAKeyOfItsOwn()
    {
        await using var host = Host(out var tools);
        var decided = 0;
        host.Enforcer.Decide = _ => decided++ == 0 ? Hold : ScriptedEnforcer.Allow;
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));
        var session = host.Sessions.GetOrStart("conv-1");
        using (session.Enter(default, "op-1"))
        {
            await Assert.ThrowsAsync<StepUpRequiredException>(() => host.Get<ILedgerTools>().RefundAsync("A-1", 250));
        }

        using (session.Enter(default, "op-1"))
        {
            await host.Get<ILedgerTools>().RefundAsync("A-1", 250);
            await host.Get<ILedgerTools>().RefundAsync("A-1", 250);
        }

        Assert.That(tools.Keys, Has.Length.EqualTo(2).And.Unique);
    }

    [Test]
    public async Task EqualCallAfterAResumedOneThatFailed_IsItsRepetition([Values] bool inResumeScope)
    {
        await using var host = Host(out var tools);
        var decided = 0;
        host.Enforcer.Decide = _ => decided++ == 0 ? Hold : ScriptedEnforcer.Allow;
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));
        using var session = host.Sessions.GetOrStart("conv-1").Enter();
        var held = (await Assert.ThrowsAsync<StepUpRequiredException>(() => host.Get<ILedgerTools>().RefundAsync("A-1", 250)))!.HeldCall!;
        tools.Failure = new TimeoutException();
        using (inResumeScope ? host.Get<IThothHolds>().Resume(held) : null)
        {
            await Assert.ThrowsAsync<TimeoutException>(() => host.Get<ILedgerTools>().RefundAsync("A-1", 250));
            tools.Failure = null;
            await host.Get<ILedgerTools>().RefundAsync("A-1", 250);
            await host.Get<ILedgerTools>().RefundAsync("A-1", 250);
        }

        Assert.That(tools.Keys, Has.Length.EqualTo(3));
        Assert.That(tools.Keys[1], Is.EqualTo(tools.Keys[0]), "the retry");
        Assert.That(tools.Keys[2], Is.Not.EqualTo(tools.Keys[0]), "another refund");
    }

    [Test]
    public async Task ResumedOutsideOfScopes_KeepsItsKey_WhateverItsCallId()
    {
        await using var host = Host(out var tools);
        host.Enforcer.Decide = _ => Hold;
        var governor = host.Get<IToolGovernor>();
        using var decision = await governor.DecideAsync(new ToolDescriptor("refund"), Json("""{"order":"A-1","amount":250}"""), new() { CallId = "call_1" });
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));

        using var resumed = await governor.DecideAsync(
            new ToolDescriptor("refund"), Json("""{"order":"A-1","amount":250}"""), new() { CallId = "call_9", Held = decision.Held });
        var key = await resumed.RunAsync((_, _) => host.Get<ILedgerTools>().RefundAsync("A-1", 250));

        host.Enforcer.Decide = _ => ScriptedEnforcer.Allow;
        Assert.That(key, Is.EqualTo(HeldCallData.Of(decision.Held!.Entry).IdempotencyKey));
        Assert.That(await RunAsync(host, "call_1", 250, session: null), Is.EqualTo(key));
    }

    [Test]
    public async Task Modified_HasTheKeyOfTheArgumentsThatTheCallerPassed()
    {
        await using var host = Host(out _);
        var plain = await RunAsync(host, "call_1", 250);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Modify("""{"order":"A-1","amount":100}""");

        Assert.That(await RunAsync(host, "call_1", 250, arguments: 100), Is.EqualTo(plain));
        host.Enforcer.Decide = _ => ScriptedEnforcer.Allow;
        Assert.That(await RunAsync(host, "call_1", 100), Is.Not.EqualTo(plain));
    }

    [Test]
    public async Task ObservedCall_ThatShowsNoArguments_HasTheKeyOfItsArguments([Values] bool capture)
    {
        await using var host = Host(out var tools, options =>
        {
            options.Enforcement = EnforcementMode.Observe;
            options.Events.Capture = capture ? EventCapture.Arguments : EventCapture.Minimal;
        });
        await using var blocking = Host(out _);

        var key = await RunAsync(host, "call_1", 250);

        Assert.That(key, Is.EqualTo(await RunAsync(blocking, "call_1", 250)));
        Assert.That(await RunAsync(host, "call_1", 251), Is.Not.EqualTo(key));
        string[] withoutArguments = [host.Get<ILedgerTools>().Ping(), host.Get<ILedgerTools>().Ping()];
        Assert.That(withoutArguments, Is.Unique);
        Assert.That(tools.Keys, Is.Unique);
    }

    private static EnforcementDecision Hold { get; } = new() { Type = DecisionType.StepUp, HoldToken = "token", Reason = "ask" };

    private static EnforcementDecision HoldRefund(EnforcementRequest request) => request.ToolName == "refund" ? Hold : ScriptedEnforcer.Allow;

    /// <summary>Calls tools as an endpoint does: the same ones whenever its request is repeated.</summary>
    private static async Task EndpointAsync(GovernedHost host, bool scopesInside)
    {
        var tools = host.Get<ILedgerTools>();
        await tools.NoteAsync("A-1");
        using (scopesInside ? host.Sessions.GetOrStart("conv-1").Enter() : null)
        {
            await tools.CloseCaseAsync("A-1");
            await tools.RefundAsync("A-1", 250);
        }

        // An equal call that the enforcer allows by now.
        host.Enforcer.Decide = _ => ScriptedEnforcer.Allow;
        await tools.RefundAsync("A-1", 250);
    }

    private static Task<string> RunAsync(GovernedHost host, string callId, int amount, string? session = "conv-1", int? arguments = null) =>
        RunAsync(host, callId, "refund", $$"""{"order":"A-1","amount":{{amount}}}""", session, arguments ?? amount);

    private static Task<string> RunAsync(GovernedHost host, string callId, string tool, string json, string session) =>
        RunAsync(host, callId, tool, json, session, 250);

    private static async Task<string> RunAsync(GovernedHost host, string callId, string tool, string json, string? session, int amount)
    {
        using var decision = await host.Get<IToolGovernor>().DecideAsync(new ToolDescriptor(tool), Json(json), new()
        {
            CallId = callId,
            Session = session is null ? null : host.Sessions.GetOrStart(session),
        });
        var tools = host.Get<ILedgerTools>();
        return await decision.RunAsync((_, _) => tool switch
        {
            "refund" => tools.RefundAsync("A-1", amount),
            "note" => tools.NoteAsync("a"),
            "close_case" => tools.CloseCaseAsync("A-1"),
            _ => Task.FromResult(host.Get<ICurrentToolCall>().Call!.IdempotencyKey),
        });
    }

    private static byte[] Json(string json) => Encoding.UTF8.GetBytes(json);

    private static GovernedHost Host(out LedgerTools tools, Action<ThothOptions>? configure = null, IHeldCallStore? store = null)
    {
        var target = tools = new LedgerTools();
        var host = GovernedHost.Create(
            services =>
            {
                services.AddSingleton<ILedgerTools>(target).AddGovernedTools<ILedgerTools>();
                if (store is not null)
                {
                    services.AddSingleton(store);
                }
            },
            options =>
            {
                options.StepUp.Mode = StepUpMode.Throw;
                configure?.Invoke(options);
            });
        (tools.Current, tools.Proxy) = (host.Get<ICurrentToolCall>(), host.Get<ILedgerTools>());
        return host;
    }
}
