using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.StepUp;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.StepUp;

/// <summary>Stores that fail, replays that come late and calls that race: an approval is for one run, and the call has one end.</summary>
public class HeldCallAttackTests
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(15);

    private readonly InterleavingStore _store = new();

    public interface IRefundTools
    {
        Task<string> RefundAsync(string order);
    }

    private sealed class RefundTools : IRefundTools
    {
        public int Runs { get; private set; }

        public Task<string> RefundAsync(string order) => Task.FromResult($"done {++Runs}");
    }

    [Test]
    public async Task Used_ReplayedAfterItsExpiry_IsNoSecondEnd()
    {
        await using var host = Host();
        var held = await HoldAsync(host);
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));
        Assert.That(await ResumeAsync(host, held), Is.EqualTo("done 1"));
        host.Time.Advance(s_lifetime);
        await Eventually.TrueAsync(() => _store.Removed == 1, "the call leaves the store");

        Assert.That(await ResumeAsync(host, held), Is.EqualTo(SdkReasonCodes.StepUpTimeout));

        Assert.That(await EndsAsync(host), Is.EqualTo(["ToolCallPost/Post"]), "the call ran, so it was not blocked");
    }

    [Test]
    public async Task Denied_ReplayedTwice_HasOneEnd()
    {
        await using var host = Host();
        var held = await HoldAsync(host);
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Block));

        Assert.That(await ResumeAsync(host, held), Is.EqualTo("rejected"));
        Assert.That(await ResumeAsync(host, held), Is.EqualTo("rejected"));

        Assert.That(await EndsAsync(host), Is.EqualTo(["ToolCallBlock/Block"]));
    }

    [Test]
    public async Task StoreThatFailsAtTheResume_LeavesTheCallHeld_AndItsRunIsItsOnlyEnd([Values] bool reading)
    {
        await using var host = Host();
        var held = await HoldAsync(host);
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));
        if (reading)
        {
            _store.BeforeGet = static () => throw new IOException("down");
        }
        else
        {
            _store.BeforeReplace = static _ => throw new IOException("down");
        }

        Assert.That(await ResumeAsync(host, held), Is.EqualTo("held"));
        (_store.BeforeGet, _store.BeforeReplace) = (null, null);
        Assert.That(await ResumeAsync(host, held), Is.EqualTo("done 1"));

        Assert.That(await EndsAsync(host), Is.EqualTo(["ToolCallPost/Post"]));
    }

    [Test]
    public async Task UseThatIsReportedAsFailed_RunsOnceOrStaysHeld([Values] bool written)
    {
        await using var host = Host();
        var held = await HoldAsync(host);
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));
        _store.FailsUse = written ? InterleavingStore.Failure.AfterWriting : InterleavingStore.Failure.BeforeWriting;

        var first = await ResumeAsync(host, held);
        _store.FailsUse = InterleavingStore.Failure.None;
        var second = await ResumeAsync(host, held);

        Assert.That((first, second), Is.EqualTo(written ? ("done 1", SdkReasonCodes.StepUpApprovalUsed) : ("held", "done 1")));
        Assert.That(await EndsAsync(host), Is.EqualTo(["ToolCallPost/Post"]));
    }

    [Test]
    public async Task ApprovedInAPeekBetweenTwoStepsOfTheResume_IsNotTakenForUsed()
    {
        await using var host = Host();
        var held = await HoldAsync(host);
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Peeked(ScriptedEnforcer.Allow));
        _store.BeforeReplace = async _ =>
        {
            _store.BeforeReplace = null;
            Assert.That(await host.Get<IThothHolds>().PeekAsync(held), Is.EqualTo(HeldCallState.Approved));
        };

        Assert.That(await ResumeAsync(host, held), Is.EqualTo("held"));
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));
        Assert.That(await ResumeAsync(host, held), Is.EqualTo("done 1"));
    }

    [Test]
    public async Task ObserveModeAfterARestart_DoesNotRunTheHeldCallAsItself()
    {
        await using (var before = Host())
        {
            using var entered = before.Sessions.GetOrStart("conv-1").Enter();
            await HoldAsync(before);
        }

        await using var host = Host(options => (options.Enforcement, options.EvaluateInObserveMode) = (EnforcementMode.Observe, true));
        host.Get<IRefundTools>();
        using (host.Sessions.GetOrStart("conv-1").Enter())
        {
            Assert.That(await host.Get<IRefundTools>().RefundAsync("A-1"), Is.EqualTo("done 1"));
        }

        host.Time.Advance(s_lifetime);
        await Eventually.TrueAsync(() => _store.Removed == 1, "the call leaves the store");
        var ends = (await host.EventsAsync()).Where(e => e.Type is BehavioralEventType.ToolCallPost or BehavioralEventType.ToolCallBlock).ToList();
        Assert.That(ends, Has.Count.EqualTo(2));
        Assert.That(ends[0].Request.ActionAttestationId, Is.Not.EqualTo(ends[1].Request.ActionAttestationId), "the held call did not run");
    }

    private GovernedHost Host(Action<ThothOptions>? configure = null)
    {
        var host = GovernedHost.Create(
            services => services.AddSingleton<IRefundTools>(new RefundTools()).AddGovernedTools<IRefundTools>().AddSingleton<IHeldCallStore>(_store),
            options =>
            {
                options.StepUp.Mode = StepUpMode.Throw;
                configure?.Invoke(options);
            });
        host.Enforcer.Decide = _ => new EnforcementDecision { Type = DecisionType.StepUp, HoldToken = "t" };
        return host;
    }

    private static async Task<HeldCall> HoldAsync(GovernedHost host) =>
        (await Assert.ThrowsAsync<StepUpRequiredException>(() => host.Get<IRefundTools>().RefundAsync("A-1")))!.HeldCall!;

    private static async Task<string> ResumeAsync(GovernedHost host, HeldCall held)
    {
        using var resumed = host.Get<IThothHolds>().Resume(held);
        try
        {
            return await host.Get<IRefundTools>().RefundAsync("A-1");
        }
        catch (StepUpRequiredException e)
        {
            return e.HeldCall!.Id == held.Id ? "held" : "held anew";
        }
        catch (StepUpRejectedException e)
        {
            return e.SdkReasonCode ?? "rejected";
        }
        catch (PolicyViolationException e)
        {
            return e.SdkReasonCode!;
        }
    }

    private static async Task<string[]> EndsAsync(GovernedHost host) =>
        [.. (await host.EventNamesAsync()).Where(static name => name.StartsWith("ToolCallPost") || name.StartsWith("ToolCallBlock"))];

    /// <summary>A store between whose steps a test does something.</summary>
    private sealed class InterleavingStore : IHeldCallStore
    {
        private readonly InMemoryHeldCallStore _inner = new();

        public enum Failure
        {
            None,
            BeforeWriting,
            AfterWriting,
        }

        public Action? BeforeGet { get; set; }

        public Func<HeldCallEntry, Task>? BeforeReplace { get; set; }

        public Failure FailsUse { get; set; }

        public int Removed { get; private set; }

        public ValueTask<HeldCallEntry> AddAsync(HeldCallEntry entry, CancellationToken cancellationToken) => _inner.AddAsync(entry, cancellationToken);

        public ValueTask<HeldCallEntry?> GetAsync(string id, CancellationToken cancellationToken)
        {
            BeforeGet?.Invoke();
            return _inner.GetAsync(id, cancellationToken);
        }

        public ValueTask<IReadOnlyList<HeldCallEntry>> ListAsync(string? sessionId, CancellationToken cancellationToken) => _inner.ListAsync(sessionId, cancellationToken);

        public async ValueTask<bool> TryReplaceAsync(HeldCallEntry entry, CancellationToken cancellationToken)
        {
            if (BeforeReplace is { } before)
            {
                await before(entry);
            }

            if (entry.State == HeldCallState.Used && FailsUse == Failure.BeforeWriting)
            {
                throw new IOException("down");
            }

            var replaced = await _inner.TryReplaceAsync(entry, cancellationToken);
            return entry.State == HeldCallState.Used && FailsUse == Failure.AfterWriting ? throw new IOException("down") : replaced;
        }

        public async ValueTask RemoveAsync(string id, CancellationToken cancellationToken)
        {
            await _inner.RemoveAsync(id, cancellationToken);
            Removed++;
        }
    }
}
