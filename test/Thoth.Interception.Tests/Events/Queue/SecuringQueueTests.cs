using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events.Queue;

/// <summary>The hook between approval and tool: a queue that makes sure of a call's evidence, as an outbox does.</summary>
public class SecuringQueueTests
{
    private readonly SecuringQueue _queue = new();
    private bool _ran;

    [Test]
    public async Task Tool_RunsOnlyWhenTheQueueHasSecuredTheRequestAndItsDecision([Values] bool sync)
    {
        await using var host = Host();
        var secured = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.OnSecure = () => new ValueTask<bool>(secured.Task);

        var call = Task.Run(() => CallAsync(host, sync));
        await _queue.Asked;

        Assert.That((_ran, call.IsCompleted), Is.EqualTo((false, false)));
        Assert.That(_queue.Requested, Is.SameAs(_queue.Events.Single(e => e.Type == BehavioralEventType.ToolCallPre)));
        Assert.That(_queue.Decision, Is.SameAs(ScriptedEnforcer.Allow));
        secured.SetResult(true);
        await call;
        Assert.That(_ran, Is.True);
        Assert.That(_queue.Events[^1].Type, Is.EqualTo(BehavioralEventType.ToolCallPost));
    }

    [Test]
    public async Task QueueThatCannot_RefusesTheCall([Values] bool sync, [Values] bool throws)
    {
        await using var host = Host();
        _queue.OnSecure = () => throws ? throw new IOException("/secret/path") : ValueTask.FromResult(false);

        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(() => CallAsync(host, sync));

        Assert.That((refusal!.SdkReasonCode, _ran), Is.EqualTo((SdkReasonCodes.EvidenceNotRecorded, false)));
        Assert.That(refusal.Message, Does.Not.Contain("secret"));
        Assert.That(_queue.Events[^1].Type, Is.EqualTo(BehavioralEventType.ToolCallBlock));
        Assert.That(_queue.Events[^1].Decision!.DecisionReasonCode, Is.EqualTo(SdkReasonCodes.EvidenceNotRecorded));
    }

    [Test]
    public async Task RefusedCall_IsNotSecured()
    {
        await using var host = Host();
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;

        await Assert.ThrowsAsync<PolicyViolationException>(() => CallAsync(host, sync: false));

        Assert.That(_queue.Asked.IsCompleted, Is.False);
    }

    private Task CallAsync(GovernedHost host, bool sync)
    {
        if (!sync)
        {
            return host.Wrap((int n) => RunAsync(n))(1);
        }

        try
        {
            host.Wrap((int n) => _ran = n == 1)(1);
            return Task.CompletedTask;
        }
        catch (Exception exception)
        {
            return Task.FromException(exception);
        }
    }

    private Task<int> RunAsync(int n)
    {
        _ran = true;
        return Task.FromResult(n);
    }

    private GovernedHost Host() => GovernedHost.Create(
        services => services.AddSingleton<ApiSinkQueueFactory>((_, _) => _queue), options => options.ApiUrl = "http://127.0.0.1:1");
}
