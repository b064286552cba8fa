using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.StepUp;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.StepUp;

/// <summary>A process that starts finds the calls that an earlier one left in the store, and watches them.</summary>
public class HeldCallRestoreTests
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(15);

    private readonly InMemoryHeldCallStore _store = new();

    public interface IRefundTools
    {
        Task<string> RefundAsync(string order);
    }

    private sealed class RefundTools : IRefundTools
    {
        public Task<string> RefundAsync(string order) => Task.FromResult("done");
    }

    [Test]
    public async Task Session_StartedAgain_HasItsHeldCalls()
    {
        var held = await HoldAsync();
        await using var host = Host(options => options.StepUp.MaxHeldCalls = 1);
        host.Get<IRefundTools>();
        var session = host.Sessions.GetOrStart("conv-1", new() { UserId = "u-1" });

        Assert.That((session.IsInUse, session.HeldCount), Is.EqualTo((true, 1)));
        using (session.Enter())
        {
            var equal = await Assert.ThrowsAsync<StepUpRequiredException>(() => host.Get<IRefundTools>().RefundAsync("A-1"));
            Assert.That(equal!.HeldCall!.Id, Is.EqualTo(held.Id), "an equal call is the held one");
            var other = await Assert.ThrowsAsync<PolicyViolationException>(() => host.Get<IRefundTools>().RefundAsync("A-2"));
            Assert.That(other!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.TooManyHeldCalls));
            host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));
            Assert.That(await host.Get<IRefundTools>().RefundAsync("A-1"), Is.EqualTo("done"));
        }

        Assert.That((session.IsInUse, session.HeldCount), Is.EqualTo((false, 0)));
    }

    [Test]
    public async Task Session_ThatStartedBeforeTheCallsWereRead_HasThem()
    {
        await HoldAsync();
        await using var host = Host();
        var session = host.Sessions.GetOrStart("conv-1", new() { UserId = "u-1" });
        Assert.That(session.HeldCount, Is.Zero);

        host.Get<IRefundTools>();

        Assert.That(session.HeldCount, Is.EqualTo(1));
    }

    [Test]
    public async Task Session_OfAnotherUser_HasNone()
    {
        await HoldAsync();
        await using var host = Host();
        host.Get<IRefundTools>();

        Assert.That(host.Sessions.GetOrStart("conv-1", new() { UserId = "u-2" }).HeldCount, Is.Zero);
    }

    [Test]
    public async Task Expiry_AfterARestart_IsRecordedOnce()
    {
        var held = await HoldAsync();
        await using var host = Host();
        host.Get<IRefundTools>();
        var session = host.Sessions.GetOrStart("conv-1", new() { UserId = "u-1" });

        host.Time.Advance(s_lifetime);

        await LeavesTheStoreAsync(host, held);
        var end = (await host.EventsAsync()).Single(e => e.Type == BehavioralEventType.ToolCallBlock);
        Assert.That((end.Decision!.SdkReasonCode, end.EventId), Is.EqualTo((SdkReasonCodes.StepUpTimeout, EndIdOf(held))));
        Assert.That(end.OccurredAt, Is.EqualTo(held.ExpiresAt));
        Assert.That((session.IsInUse, session.HeldCount), Is.EqualTo((false, 0)));
    }

    [Test]
    public async Task Expiry_WhileNoProcessRan_IsRecordedAtTheStart()
    {
        var held = await HoldAsync();
        await using var host = Host();
        host.Time.Advance(TimeSpan.FromHours(3));

        host.Get<IRefundTools>();

        await LeavesTheStoreAsync(host, held, () => host.Time.Advance(TimeSpan.FromMilliseconds(1)));
        var end = (await host.EventsAsync()).Single(e => e.Type == BehavioralEventType.ToolCallBlock);
        Assert.That((end.EventId, end.OccurredAt), Is.EqualTo((EndIdOf(held), held.ExpiresAt)), "the same event whenever it is recorded");
    }

    [Test]
    public async Task Expiry_OfACallThatTwoProcessesWatch_IsRecordedByOne()
    {
        await using var first = Host();
        var held = await HoldAsync(first);
        await using var second = Host();
        second.Get<IRefundTools>();

        await Task.WhenAll(Task.Run(() => first.Time.Advance(s_lifetime)), Task.Run(() => second.Time.Advance(s_lifetime)));

        await LeavesTheStoreAsync(first, held);
        List<BehavioralEvent> ends = [.. await first.EventsAsync(), .. await second.EventsAsync()];
        Assert.That(ends.Count(e => e.Type == BehavioralEventType.ToolCallBlock), Is.EqualTo(1));
    }

    [Test]
    public async Task Expiry_ProcessThatClaimedItWasKilled_IsRecordedByAnother()
    {
        await using var host = Host();
        var held = await HoldAsync(host);
        var entry = (await _store.GetAsync(held.Id, default))!;
        await _store.TryReplaceAsync(entry with { Version = 1, ClaimedUntil = held.ExpiresAt + TimeSpan.FromSeconds(10) }, default);

        host.Time.Advance(s_lifetime);
        Assert.That(await host.EventNamesAsync(), Has.None.StartsWith("ToolCallBlock"));

        await LeavesTheStoreAsync(host, held, () => host.Time.Advance(TimeSpan.FromSeconds(1)));
        Assert.That(await host.EventNamesAsync(), Has.One.EqualTo("ToolCallBlock/Block"));
    }

    [Test]
    public async Task StoreThatFailsAtTheStart_IsReadAgain()
    {
        var held = await HoldAsync();
        var store = new StoreThatFailsOnce(_store);
        await using var host = Host(store: store);
        host.Get<IRefundTools>();
        var session = host.Sessions.GetOrStart("conv-1", new() { UserId = "u-1" });
        Assert.That(session.HeldCount, Is.Zero);

        host.Time.Advance(TimeSpan.FromMinutes(1));

        await Eventually.TrueAsync(() => session.HeldCount == 1, "the call is found");
        Assert.That(held.Id, Is.Not.Empty);
    }

    private static string EndIdOf(HeldCall held) => $"acme:{HeldCallEnd.IdOf(held.Entry.ActionAttestationId)}";

    private async Task LeavesTheStoreAsync(GovernedHost host, HeldCall held, Action? step = null)
    {
        var isStored = true;
        await Eventually.TrueAsync(() => !isStored, "the call leaves the store", async () =>
        {
            step?.Invoke();
            isStored = await host.Get<IHeldCallStore>().GetAsync(held.Id, default) is not null;
        });
    }

    /// <summary>Holds a call in a process that ends.</summary>
    private async Task<HeldCall> HoldAsync()
    {
        await using var host = Host();
        return await HoldAsync(host);
    }

    private static async Task<HeldCall> HoldAsync(GovernedHost host)
    {
        using var session = host.Sessions.GetOrStart("conv-1", new() { UserId = "u-1" }).Enter();
        return (await Assert.ThrowsAsync<StepUpRequiredException>(() => host.Get<IRefundTools>().RefundAsync("A-1")))!.HeldCall!;
    }

    private GovernedHost Host(Action<ThothOptions>? configure = null, IHeldCallStore? store = null)
    {
        var host = GovernedHost.Create(
            services => services.AddSingleton(store ?? _store).AddSingleton<IRefundTools>(new RefundTools()).AddGovernedTools<IRefundTools>(),
            options =>
            {
                (options.StepUp.Mode, options.StepUp.Timeout) = (StepUpMode.Throw, s_lifetime);
                configure?.Invoke(options);
            });
        host.Enforcer.Decide = _ => new EnforcementDecision { Type = DecisionType.StepUp, HoldToken = "t" };
        return host;
    }

    private sealed class StoreThatFailsOnce(IHeldCallStore inner) : IHeldCallStore
    {
        private bool _failed;

        public ValueTask<HeldCallEntry> AddAsync(HeldCallEntry entry, CancellationToken cancellationToken) => inner.AddAsync(entry, cancellationToken);

        public ValueTask<HeldCallEntry?> GetAsync(string id, CancellationToken cancellationToken) => inner.GetAsync(id, cancellationToken);

        public ValueTask<IReadOnlyList<HeldCallEntry>> ListAsync(string? sessionId, CancellationToken cancellationToken) =>
            Interlocked.Exchange(ref _failed, true) ? inner.ListAsync(sessionId, cancellationToken) : throw new IOException("down");

        public ValueTask<bool> TryReplaceAsync(HeldCallEntry entry, CancellationToken cancellationToken) => inner.TryReplaceAsync(entry, cancellationToken);

        public ValueTask RemoveAsync(string id, CancellationToken cancellationToken) => inner.RemoveAsync(id, cancellationToken);
    }
}
