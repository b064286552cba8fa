using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Enforcement.Http;

/// <summary>Polls of callers that do not wait (contract §3.5), also with a server that does not know them.</summary>
public class HeldCallHttpTests
{
    private const string Peek = "X-Thoth-Hold-Peek";
    private const string Nonce = "X-Thoth-Hold-Nonce";

    [Test]
    public async Task WaitingCaller_SendsNeitherHeader()
    {
        await using var host = await HttpHost.StartAsync();
        host.Server.OnEnforce = _ => """{"decision":"STEP_UP","hold_token":"tok"}""";
        host.Server.OnHold = _ => """{"resolved":true,"resolution":"ALLOW"}""";

        await host.CallAsync();

        Assert.That(host.Server.Holds.Single().Headers.Keys, Has.None.StartsWith("X-Thoth-Hold").IgnoreCase);
    }

    [Test]
    public async Task EqualCallsAtOnce_WithdrawTheSecondHold()
    {
        await using var host = await HttpHost.StartAsync(options => options.StepUp.Mode = StepUpMode.Throw);
        var (arrived, both) = (0, new TaskCompletionSource());
        host.Server.OnEnforce = _ =>
        {
            var number = Interlocked.Increment(ref arrived);
            if (number == 2)
            {
                both.SetResult();
            }

            return new ContractAnswer { Body = $$"""{"decision":"STEP_UP","hold_token":"tok-{{number}}"}""", After = both.Task };
        };

        var (first, second) = (host.RefusedAsync<StepUpRequiredException>(), host.RefusedAsync<StepUpRequiredException>());
        Assert.That((await first).HeldCall!.Id, Is.EqualTo((await second).HeldCall!.Id));

        await Eventually.TrueAsync(() => host.Server.Holds.Count == 1, "one hold is withdrawn");
        Assert.That(host.Server.Holds.Single().Headers["X-Thoth-Hold-Withdraw"], Is.EqualTo("true"));
    }

    [Test]
    public async Task ServerThatDoesNotKnowPeeks_DeliversOnce_AndTheApprovalIsKept()
    {
        await using var host = await HttpHost.StartAsync(options => options.StepUp.Mode = StepUpMode.Throw);
        host.Server.OnEnforce = _ => """{"decision":"STEP_UP","hold_token":"tok"}""";
        host.Server.OnHold = _ => """{"resolved":true,"resolution":"ALLOW"}""";
        var held = (await host.RefusedAsync<StepUpRequiredException>()).HeldCall!;
        var holds = host.Services.GetRequiredService<IThothHolds>();

        Assert.That(await holds.PeekAsync(held), Is.EqualTo(HeldCallState.Approved));
        host.Server.OnHold = _ => """{"resolved":true,"resolution":"BLOCK"}""";
        using (holds.Resume(held))
        {
            Assert.That(await host.CallAsync(), Is.EqualTo("orig"));
        }

        Assert.That(host.Server.Holds.Select(poll => poll.Headers.GetValueOrDefault(Peek)), Is.EqualTo(["true"]));
    }

    [Test]
    public async Task ServerThatKnowsPeeks_IsPolledForTheApprovalWithANonce()
    {
        await using var host = await HttpHost.StartAsync(options => options.StepUp.Mode = StepUpMode.Throw);
        host.Server.OnEnforce = _ => """{"decision":"STEP_UP","hold_token":"tok"}""";
        host.Server.OnHold = poll => new ContractAnswer
        {
            Body = """{"resolved":true,"resolution":"ALLOW"}""",
            Headers = poll.Headers.ContainsKey(Peek) ? new Dictionary<string, string> { [Peek] = "true" } : new Dictionary<string, string>(),
        };
        var held = (await host.RefusedAsync<StepUpRequiredException>()).HeldCall!;
        var holds = host.Services.GetRequiredService<IThothHolds>();

        Assert.That(await holds.PeekAsync(held), Is.EqualTo(HeldCallState.Approved));
        using (holds.Resume(held))
        {
            Assert.That(await host.CallAsync(), Is.EqualTo("orig"));
        }

        var nonces = host.Server.Holds.Select(poll => poll.Headers.GetValueOrDefault(Nonce)).ToList();
        Assert.That((nonces.Count, nonces[0]), Is.EqualTo((2, (string?)null)));
        Assert.That(nonces[1], Has.Length.EqualTo(32));
    }
}
