using System.Text;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Invocation;

/// <summary>What a running tool sees of its call, and what code outside of it does not see.</summary>
public class CurrentToolCallTests
{
    public enum Kind
    {
        Synchronous,
        Task,
        ValueTask,
        Sequence,
        AsyncSequence,
    }

    public interface IWorkTools
    {
        int Now(string text);

        Task<int> LaterAsync(string text);

        ValueTask<int> MaybeLaterAsync(string text);

        IEnumerable<int> Sequence(string text);

        IAsyncEnumerable<int> SequenceLaterAsync(string text);

        Task<int> FailAsync();

        Task<int> OuterAsync();

        Task<Task<bool>> LeaveRunningAsync(Task gate);

        Task StartSessionAsync(string user);
    }

    private sealed class WorkTools : IWorkTools
    {
        public ICurrentToolCall Current { get; set; } = null!;

        public IWorkTools Proxy { get; set; } = null!;

        public IThothSessions Sessions { get; set; } = null!;

        public List<RunningToolCall?> Seen { get; } = [];

        public int Now(string text) => See();

        public async Task<int> LaterAsync(string text)
        {
            See();
            await Task.Yield();
            return See();
        }

        public async ValueTask<int> MaybeLaterAsync(string text)
        {
            See();
            await Task.Yield();
            return See();
        }

        public IEnumerable<int> Sequence(string text)
        {
            try
            {
                yield return See();
                yield return See();
            }
            finally
            {
                See();
            }
        }

        public async IAsyncEnumerable<int> SequenceLaterAsync(string text)
        {
            try
            {
                yield return See();
                await Task.Yield();
                yield return See();
            }
            finally
            {
                See();
            }
        }

        public async Task<int> FailAsync()
        {
            See();
            await Task.Yield();
            throw new InvalidOperationException();
        }

        public async Task<int> OuterAsync()
        {
            See();
            await Proxy.LaterAsync("a");
            Proxy.Now("a");
            foreach (var _ in Proxy.Sequence("a"))
            {
                See();
            }

            await foreach (var _ in Proxy.SequenceLaterAsync("a"))
            {
                See();
            }

            return See();
        }

        public Task<Task<bool>> LeaveRunningAsync(Task gate) => Task.FromResult(Task.Run(async () =>
        {
            await gate;
            return Current.Call is not null;
        }));

        public Task StartSessionAsync(string user)
        {
            See();
            Sessions.Start(new() { UserId = user });
            See();
            return Task.CompletedTask;
        }

        private int See()
        {
            Seen.Add(Current.Call);
            return Seen.Count;
        }
    }

    [Test]
    public async Task Tool_SeesItsCall_AndItsCallerDoesNot([Values] Kind kind, [Values] bool decideLater)
    {
        await using var host = Host(out var tools, decideLater);
        var current = host.Get<ICurrentToolCall>();
        using var session = host.Sessions.GetOrStart("conv-1", new() { UserId = "ada" }).Enter();

        var between = await UseAsync(host.Get<IWorkTools>(), kind, current);

        var request = host.Enforcer.LastRequest;
        Assert.That(between, Is.Not.Empty.And.All.Null);
        Assert.That(current.Call, Is.Null);
        Assert.That(tools.Seen, Is.Not.Empty.And.All.Not.Null);
        foreach (var call in tools.Seen)
        {
            using (Assert.EnterMultipleScope())
            {
                Assert.That((call!.ToolName, call.SessionId, call.UserId), Is.EqualTo((request.ToolName, "conv-1", "ada")));
                Assert.That(call.ActionAttestationId, Is.EqualTo(request.ActionAttestationId));
                Assert.That((call.CallId, call.Approver), Is.EqualTo((default(string), default(string))));
                Assert.That(call.IdempotencyKey, Does.Match("^[0-9a-f]{64}$").And.EqualTo(tools.Seen[0]!.IdempotencyKey));
                Assert.That(call.ToString(), Is.EqualTo($"{request.ToolName} ({request.ActionAttestationId})"));
            }
        }
    }

    [Test]
    public async Task NestedCall_SeesItself_AndTheOuterToolItsOwnCallAgain()
    {
        await using var host = Host(out var tools);

        await host.Get<IWorkTools>().OuterAsync();

        Assert.That(tools.Seen.Select(call => call!.ToolName), Is.EqualTo(
        [
            "outer",
            "later", "later",
            "now",
            "sequence", "outer", "sequence", "outer", "sequence",
            "sequence_later", "outer", "sequence_later", "outer", "sequence_later",
            "outer",
        ]));
    }

    [Test]
    public async Task SequenceLeftEarly_SeesItsCallWhileItIsDisposed([Values(Kind.Sequence, Kind.AsyncSequence)] Kind kind)
    {
        await using var host = Host(out var tools);
        var proxy = host.Get<IWorkTools>();
        if (kind == Kind.Sequence)
        {
            _ = proxy.Sequence("a").First();
        }
        else
        {
            await foreach (var _ in proxy.SequenceLaterAsync("a"))
            {
                break;
            }
        }

        Assert.That(tools.Seen, Has.Count.EqualTo(2).And.All.Not.Null);
        Assert.That(host.Get<ICurrentToolCall>().Call, Is.Null);
    }

    [Test]
    public async Task WhatAToolLeftRunning_SeesNoCallOnceTheToolHasEnded([Values] bool inAnOuterTool)
    {
        await using var host = Host(out _);
        var gate = new TaskCompletionSource();
        var outer = host.Get<IToolGovernor>().WrapTool("outer_tool", async () =>
        {
            var left = await host.Get<IWorkTools>().LeaveRunningAsync(gate.Task);
            gate.SetResult();
            return await left;
        });

        var seen = false;
        if (inAnOuterTool)
        {
            seen = await outer();
        }
        else
        {
            var left = await host.Get<IWorkTools>().LeaveRunningAsync(gate.Task);
            gate.SetResult();
            seen = await left;
        }

        Assert.That(seen, Is.False);
    }

    [Test]
    public async Task FailedAndRefusedCalls_AreGoneToo()
    {
        await using var host = Host(out var tools);
        Assert.That(host.Get<IWorkTools>().FailAsync, Throws.InvalidOperationException);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
        Assert.That(() => host.Get<IWorkTools>().Now("a"), Throws.TypeOf<PolicyViolationException>());

        Assert.That(tools.Seen, Has.Count.EqualTo(1));
        Assert.That(host.Get<ICurrentToolCall>().Call, Is.Null);
    }

    [Test]
    public async Task WrappedDelegate_SeesItsCall()
    {
        await using var host = Host(out _);
        var current = host.Get<ICurrentToolCall>();
        var tool = host.Get<IToolGovernor>().WrapTool("wrapped", (string text) => current.Call?.ToolName);

        Assert.That(tool("a"), Is.EqualTo("wrapped"));
        Assert.That(current.Call, Is.Null);
    }

    [Test]
    public async Task DecidedCall_IsSeenOnceThroughThePermit()
    {
        await using var host = Host(out var tools);
        var current = host.Get<ICurrentToolCall>();
        using var decision = await host.Get<IToolGovernor>().DecideAsync(
            new ToolDescriptor("later"), Encoding.UTF8.GetBytes("""{"text":"a"}"""), new() { CallId = "call_1" });
        Assert.That(current.Call, Is.Null);

        RunningToolCall? outside = null;
        await decision.RunAsync(async (arguments, _) =>
        {
            outside = current.Call;
            return await host.Get<IWorkTools>().LaterAsync((string)arguments["text"]!);
        });

        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(current.Call, Is.Null);
        Assert.That(tools.Seen, Has.Count.EqualTo(2));
        foreach (var call in tools.Seen.Append(outside))
        {
            Assert.That((call!.ToolName, call.CallId), Is.EqualTo(("later", "call_1")));
            Assert.That(call.ActionAttestationId, Is.EqualTo(host.Enforcer.LastRequest.ActionAttestationId));
            Assert.That(call.IdempotencyKey, Is.EqualTo(outside!.IdempotencyKey));
        }
    }

    [Test]
    public async Task ApprovedCall_TellsItsApprover([Values("""{"outcome":"approved","approver":"Dana"}""", """{"approver":7}""", "[]")] string receipt)
    {
        await using var host = Host(out var tools);
        host.Enforcer.Decide = _ => new EnforcementDecision { Type = DecisionType.StepUp, HoldToken = "t", Reason = "ask" };
        var evidence = new EnforcementEvidence { TerminalReceipt = System.Text.Json.JsonElement.Parse(receipt) };
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow with { Evidence = evidence }));

        await host.Get<IWorkTools>().LaterAsync("a");

        Assert.That(tools.Seen[0]!.Approver, Is.EqualTo(receipt.Contains("Dana", StringComparison.Ordinal) ? "Dana" : null));
    }

    [Test]
    public async Task SessionThatAToolStarted_StaysCurrentInTheCallersFlow_WithoutTheCall()
    {
        await using var host = Host(out var tools);

        await host.Get<IWorkTools>().StartSessionAsync("ada");

        Assert.That(tools.Seen, Has.Count.EqualTo(2).And.All.Not.Null);
        Assert.That(host.Sessions.Current.Context.UserId, Is.EqualTo("ada"));
        Assert.That(host.Get<ICurrentToolCall>().Call, Is.Null);
        host.Sessions.Current.Dispose();
        Assert.That(host.Sessions.Current.Context.UserId, Is.EqualTo("system"));
    }

    [Test]
    public async Task SuppressedFlow_SeesItsCallAndNotAfterwards()
    {
        await using var host = Host(out var tools);

        RunningToolCall? afterwards;
        using (ExecutionContext.SuppressFlow())
        {
            host.Get<IWorkTools>().Now("a");
            afterwards = host.Get<ICurrentToolCall>().Call;
        }

        Assert.That(tools.Seen[0]!.ToolName, Is.EqualTo("now"));
        Assert.That(afterwards, Is.Null);
    }

    [Test]
    public async Task ObservedCall_IsSeenToo()
    {
        await using var host = Host(out var tools, configure: options => options.Enforcement = EnforcementMode.Observe);

        await host.Get<IWorkTools>().LaterAsync("a");

        Assert.That(tools.Seen, Has.All.Not.Null);
        Assert.That(tools.Seen[0]!.IdempotencyKey, Is.EqualTo(tools.Seen[1]!.IdempotencyKey));
    }

    [Test]
    public void Value_CanBeMadeInATest()
    {
        var call = new RunningToolCall { ToolName = "refund", SessionId = "s", UserId = "u", ActionAttestationId = "a", IdempotencyKey = "k" };

        Assert.That((call.ActionAttestationId, call.IdempotencyKey, call.ToString()), Is.EqualTo(("a", "k", "refund (a)")));
    }

    private static GovernedHost Host(out WorkTools tools, bool decideLater = false, Action<ThothOptions>? configure = null)
    {
        tools = new WorkTools();
        var host = GovernedHost.For<IWorkTools>(tools, configure);
        (tools.Current, tools.Proxy, tools.Sessions) = (host.Get<ICurrentToolCall>(), host.Get<IWorkTools>(), host.Sessions);
        if (decideLater)
        {
            host.Enforcer.DecideAsync = async (_, _) =>
            {
                await Task.Yield();
                return ScriptedEnforcer.Allow;
            };
        }

        return host;
    }

    /// <summary>Uses a tool, and returns what its caller saw in between.</summary>
    private static async Task<List<RunningToolCall?>> UseAsync(IWorkTools tools, Kind kind, ICurrentToolCall current)
    {
        List<RunningToolCall?> between = [current.Call];
        switch (kind)
        {
            case Kind.Synchronous:
                tools.Now("a");
                break;
            case Kind.Task:
                var task = tools.LaterAsync("a");
                between.Add(current.Call);
                await task;
                break;
            case Kind.ValueTask:
                var valueTask = tools.MaybeLaterAsync("a");
                between.Add(current.Call);
                await valueTask;
                break;
            case Kind.Sequence:
                foreach (var _ in tools.Sequence("a"))
                {
                    between.Add(current.Call);
                }

                break;
            case Kind.AsyncSequence:
                await foreach (var _ in tools.SequenceLaterAsync("a"))
                {
                    between.Add(current.Call);
                }

                break;
        }

        between.Add(current.Call);
        return between;
    }
}
