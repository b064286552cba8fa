using System.Text;
using Extending.ToolLoops;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Samples.Extending;

/// <summary>Checks the tool loop of docs/tool-loops.md.</summary>
public class ToolLoopExampleTests
{
    private static readonly ModelCall s_read = new("call_1", "read_file", Json("""{"path":"README.md"}"""));

    [Test]
    public async Task Call_Allowed_GivesTheToolsResult_AndBlocked_ATextForTheModel()
    {
        await using var host = GovernedHost.Create(_ => { });
        var loop = Loop(host);

        Assert.That(await loop.CallAsync(s_read, default), Is.EqualTo("read_file: README.md"));
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
        Assert.That(await loop.CallAsync(s_read, default), Does.StartWith("Not run: policy blocks the tool 'read_file'."));
    }

    [Test]
    public async Task Call_Held_ContinuesOnceItIsApproved()
    {
        await using var host = GovernedHost.Create(_ => { });
        host.Enforcer.Decide = _ => new EnforcementDecision { Type = DecisionType.StepUp, HoldToken = "token" };
        var loop = Loop(host);

        Assert.That(await loop.CallAsync(s_read, default), Does.StartWith("Not run yet: "));
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));

        Assert.That(await loop.ContinueAsync(s_read, default), Is.EqualTo("read_file: README.md"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Refund_ThroughTheInterface_IsDecidedOnce()
    {
        await using var host = GovernedHost.For<IPaymentTools>(new PaymentTools());

        var text = await Loop(host).RefundAsync(host.Get<IPaymentTools>(), new("call_1", "refund", Json("""{"order":"A-1","amount":40}""")), default);

        Assert.That(text, Is.EqualTo("A-1: 40"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    private static ToolLoop Loop(GovernedHost host) => new(host.Get<IToolGovernor>(), host.Get<IThothHolds>(), ToolLoop.ReadAsync);

    private static ReadOnlyMemory<byte> Json(string json) => Encoding.UTF8.GetBytes(json);

    private sealed class PaymentTools : IPaymentTools
    {
        public Task<string> RefundAsync(string order, decimal amount, CancellationToken cancellationToken) => Task.FromResult($"{order}: {amount}");
    }
}
