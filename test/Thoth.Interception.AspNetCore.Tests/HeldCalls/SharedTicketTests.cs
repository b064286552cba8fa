using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.AspNetCore.HeldCalls;

namespace Thoth.Interception.AspNetCore.Tests.HeldCalls;

/// <summary>A web farm whose enforcer repeats an approval to any caller: the shared cache decides who runs.</summary>
public class SharedTicketTests
{
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("thoth-keys-");
    private readonly RepeatingEnforcer _enforcer = new();
    private readonly SharedCache _cache = new();
    private readonly RefundTools _tools = new();

    [TearDown]
    public void Clean() => _keys.Delete(recursive: true);

    [Test]
    public async Task UsedOnOneMachine_IsUsedOnEveryMachine()
    {
        await using var a = Machine();
        await using var b = Machine();
        var held = await a.HoldAsync();
        Assert.That(await b.ResumeAsync(held.Id), Is.EqualTo("held"));
        _enforcer.IsApproved = true;

        Assert.That(await b.ResumeAsync(held.Id), Is.EqualTo("refunded A-1"));

        Assert.That(await a.Holds.PeekAsync(held), Is.EqualTo(HeldCallState.Used));
        Assert.That(await a.ResumeAsync(held.Id), Is.EqualTo(SdkReasonCodes.StepUpApprovalUsed));
        Assert.That(await b.ResumeAsync(held.Id), Is.EqualTo(SdkReasonCodes.StepUpApprovalUsed));
        await using var started = Machine();
        Assert.That(await started.ResumeAsync(held.Id), Is.EqualTo(SdkReasonCodes.StepUpApprovalUsed));
        Assert.That(_tools.Runs, Is.EqualTo(1));
    }

    [Test]
    public async Task ResumedOnManyMachinesAtOnce_OneRuns()
    {
        // On a busy machine one that pauses for longer would give up.
        await using var a = Machine(useDelay: 2);
        await using var b = Machine(useDelay: 2);
        await using var c = Machine(useDelay: 2);
        var held = await a.HoldAsync();
        _enforcer.IsApproved = true;
        var machines = new[] { a, b, c };

        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => machines[i % 3].ResumeAsync(held.Id))));

        Assert.That(results.Count(result => result == "refunded A-1"), Is.EqualTo(1));
        Assert.That(_tools.Runs, Is.EqualTo(1));
    }

    [Test]
    public async Task ApprovalThatAPeekGot_IsThereOnEveryMachine()
    {
        (_enforcer.IsApproved, _enforcer.DeliversOnce) = (true, true);
        await using var a = Machine();
        await using var b = Machine();
        var held = await a.HoldAsync();
        Assert.That(await a.Holds.PeekAsync(held), Is.EqualTo(HeldCallState.Approved));

        Assert.That(await b.ResumeAsync(held.Id), Is.EqualTo("refunded A-1"));
    }

    [Test]
    public async Task CacheThatIsDown_RunsNothing()
    {
        await using var a = Machine();
        var held = await a.HoldAsync();
        _enforcer.IsApproved = true;
        _cache.BeforeWrite = static _ => throw new IOException("down");

        Assert.That(await a.ResumeAsync(held.Id), Is.EqualTo("held"));
        Assert.That(_tools.Runs, Is.Zero);
        _cache.BeforeWrite = static _ => Task.CompletedTask;
        Assert.That(await a.ResumeAsync(held.Id), Is.EqualTo("refunded A-1"));
    }

    [Test]
    public async Task Cache_HasNoToken()
    {
        var written = new List<string>();
        await using var a = Machine();
        _cache.BeforeWrite = key =>
        {
            written.Add(key);
            return Task.CompletedTask;
        };
        var held = await a.HoldAsync();
        await a.Holds.PeekAsync(held);

        Assert.That(written, Is.Not.Empty);
        Assert.That(written.Select(key => Encoding.Latin1.GetString(_cache.Get(key)!)), Has.None.Contains("the-token"));
        Assert.That(written, Has.None.Contains(held.Id), "a key of the cache is not the ticket");
    }

    [Test]
    public async Task MachineThatMarksTooSlowly_GivesUp()
    {
        var time = new FakeTimeProvider();
        var uses = new SharedTicketUses(_cache, new HeldCallTicket(new EphemeralDataProtectionProvider()), TimeSpan.FromMilliseconds(500), time);
        _cache.BeforeWrite = _ =>
        {
            time.Advance(TimeSpan.FromMilliseconds(501));
            return Task.CompletedTask;
        };

        Assert.That(await uses.TryUseAsync(Entry(), default), Is.False);
    }

    [Test]
    public async Task MarkThatWasOverwritten_IsNoUse()
    {
        var time = new FakeTimeProvider();
        var uses = new SharedTicketUses(_cache, new HeldCallTicket(new EphemeralDataProtectionProvider()), TimeSpan.FromMilliseconds(500), time);
        var first = uses.TryUseAsync(Entry(), default);
        Assert.That(await uses.TryUseAsync(Entry(), default), Is.False, "it reads the mark of the first");
        _cache.Set($"thoth:held:{Entry().Id}:used", [1], new());

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await first, Is.False);
    }

    [Test]
    public void Format_KeepsEveryProperty()
    {
        var entry = Entry();

        var read = HeldCallFormat.Read(HeldCallFormat.Write(entry))!;

        Assert.That(read.Data.ToArray(), Is.EqualTo(entry.Data.ToArray()));
        Assert.That(read.ArgumentsHash.ToArray(), Is.EqualTo(entry.ArgumentsHash.ToArray()));
        Assert.That(read with { Data = entry.Data, ArgumentsHash = entry.ArgumentsHash }, Is.EqualTo(entry));
        Assert.That(typeof(HeldCallEntry).GetProperties().Select(property => property.GetValue(entry)), Has.None.Null.And.None.EqualTo(0), "the test sets each property");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Start_WithoutASharedCacheOrAnEnforcerThatBinds_IsRefused(bool cacheInMemory)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddThoth(Identify).UseEnforcer(_enforcer).UseHeldCallTickets();
        if (cacheInMemory)
        {
            builder.Services.AddDistributedMemoryCache();
        }

        using var host = builder.Build();

        Assert.That(
            () => host.StartAsync(),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("AddStackExchangeRedisCache").And.Message.Contains("EnforcerBindsApprovals"));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public async Task Start_WithEither_Succeeds(bool cache, bool binds)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddThoth(Identify).UseEnforcer(_enforcer).UseHeldCallTickets(tickets => tickets.EnforcerBindsApprovals = binds);
        if (cache)
        {
            builder.Services.AddSingleton<IDistributedCache>(_cache);
        }

        using var host = builder.Build();
        await host.StartAsync();

        Assert.That(host.Services.GetRequiredService<IHeldCallStore>().KnowsEveryUse, Is.EqualTo(cache));
        await host.StopAsync();
    }

    private static void Identify(ThothOptions options) => (options.TenantId, options.AgentId) = ("local", "agent");

    private FarmMachine Machine(double useDelay = 0.5) =>
        FarmMachine.Start(_keys, _tools, TimeProvider.System, enforcer: _enforcer, cache: _cache, useDelay: useDelay);

    private static HeldCallEntry Entry() => new()
    {
        Id = "0123456789abcdef0123456789abcdef",
        Version = 3,
        State = HeldCallState.Approved,
        ToolName = "refund",
        Reason = "Ein Grund – mit Zeichen.",
        TenantId = "acme",
        UserId = "ada",
        SessionId = "conv-1",
        ActionAttestationId = "att-1",
        ArgumentsHash = new byte[] { 1, 2, 3 },
        HeldAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        ExpiresAt = new(2100, 1, 2, 3, 4, 5, TimeSpan.Zero),
        ClaimedUntil = new(2026, 1, 2, 3, 4, 6, TimeSpan.Zero),
        Data = new byte[] { 9, 0, 9 },
    };
}
