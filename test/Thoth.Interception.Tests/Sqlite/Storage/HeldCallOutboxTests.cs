using Thoth.Interception.Sqlite;
using Thoth.Interception.Tests.Sqlite.Support;

namespace Thoth.Interception.Tests.Sqlite.Storage;

/// <summary>The outbox leaves a held call open when its process ends; one that was resumed and did not end is closed.</summary>
public class HeldCallOutboxTests
{
    private readonly OutboxFolder _folder = new();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public async Task HeldCall_FileOpenedAgain_IsNotClosedAsInterrupted()
    {
        await using var server = await ContractServer.StartAsync();
        await using (var first = Host(server))
        {
            Assert.That(() => first.Tools.WorkAsync(1), Throws.TypeOf<StepUpRequiredException>());
        }

        await using var second = Host(server);
        await second.Pipeline.FlushAsync();

        Assert.That(ToolEventsAt(server), Is.EqualTo(["TOOL_CALL_PRE"]));
    }

    [Test]
    public async Task ResumedCall_ThatDidNotEnd_IsClosedAsInterrupted()
    {
        await using var server = await ContractServer.StartAsync();
        await using (var outbox = _folder.Open())
        {
            await outbox.AppendAsync(
            [
                OutboxFolder.Entry(1, "pre", "held"), OutboxFolder.Entry(2, "held", "held"),
                OutboxFolder.Entry(3, "pre", "resumed"), OutboxFolder.Entry(4, "held", "resumed"), OutboxFolder.Entry(5, "resumed", "resumed"),
                OutboxFolder.Entry(6, "pre", "again"), OutboxFolder.Entry(7, "held", "again"), OutboxFolder.Entry(8, "resumed", "again"), OutboxFolder.Entry(9, "held", "again"),
            ]);
        }

        List<string?> interrupted = [];
        await using var second = _folder.Open(interrupt: call =>
        {
            interrupted.Add(call.AttestationId);
            return OutboxFolder.Entry(100, "error", call.AttestationId);
        });

        Assert.That(second.Status.Interrupted, Is.EqualTo(1));
        Assert.That(interrupted, Is.EqualTo(["resumed"]));
    }

    [Test]
    public async Task HeldCall_FileOpenedAgain_IsResumedOnce()
    {
        await using var server = await ContractServer.StartAsync();
        string id;
        await using (var first = Host(server))
        {
            id = (await Assert.ThrowsAsync<StepUpRequiredException>(() => first.CallInAsync("conv-1")))!.HeldCall!.Id;
        }

        await using (var second = Host(server))
        {
            second.Enforcer.Hold = static (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(new() { Type = DecisionType.Allow }));
            Assert.That((await Assert.ThrowsAsync<InvalidOperationException>(() => second.ResumeInAsync("conv-2", id)))!.Message, Does.Contain("another session"));
            Assert.That(await second.ResumeInAsync("conv-1", id), Is.EqualTo("1"));
            Assert.That(
                (await Assert.ThrowsAsync<PolicyViolationException>(() => second.ResumeInAsync("conv-1", id)))!.SdkReasonCode,
                Is.EqualTo(SdkReasonCodes.StepUpApprovalUsed));
            await second.Pipeline.FlushAsync();
        }

        Assert.That(ToolEventsAt(server), Is.EqualTo(["TOOL_CALL_PRE", "TOOL_CALL_POST"]), "the replay is no second end");
        Assert.That(OutboxVerifier.Verify(_folder.Path).IsIntact);
    }

    [Test]
    public async Task HeldAndResumed_AreInTheFileAndNotOnTheWire()
    {
        await using var server = await ContractServer.StartAsync();
        await using (var host = Host(server))
        {
            var held = (await Assert.ThrowsAsync<StepUpRequiredException>(() => host.Tools.WorkAsync(1)))!.HeldCall!;
            host.Enforcer.Hold = static (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(new() { Type = DecisionType.Allow }));
            using (host.Holds.Resume(held))
            {
                await host.Tools.WorkAsync(1);
            }

            await host.Pipeline.FlushAsync();
        }

        Assert.That(ToolEventsAt(server), Is.EqualTo(["TOOL_CALL_PRE", "TOOL_CALL_POST"]));
    }

    private static IEnumerable<string> ToolEventsAt(ContractServer server) =>
        OutboxHost.EventsAt(server).Select(static e => e.GetProperty("event_type").GetString()!).Where(static type => type.StartsWith("TOOL", StringComparison.Ordinal));

    private OutboxHost Host(ContractServer server)
    {
        var host = new OutboxHost(_folder, server, configure: options => options.StepUp.Mode = StepUpMode.Throw);
        host.Enforcer.Decide = _ => new EnforcementDecision { Type = DecisionType.StepUp, HoldToken = "t" };
        return host;
    }
}
