using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.AspNetCore.Tests.HeldCalls;

/// <summary>One machine of a web farm: a service provider with the keys of the farm.</summary>
internal sealed class FarmMachine : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private FarmMachine(ServiceProvider services) => _services = services;

    public IThothHolds Holds => _services.GetRequiredService<IThothHolds>();

    public IHeldCallStore Store => _services.GetRequiredService<IHeldCallStore>();

    public IThothSessions Sessions => _services.GetRequiredService<IThothSessions>();

    public IEventPipeline Events => _services.GetRequiredService<IEventPipeline>();

    /// <param name="keys">The folder of the keys that the farm shares.</param>
    /// <param name="tools">The tools, which every machine shares so that runs are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="url">The enforcer.</param>
    /// <param name="enforcer">Another enforcer than the one at the URL.</param>
    /// <param name="cache">The cache that the farm shares; without one, the enforcer binds approvals.</param>
    /// <param name="maxLength">The longest ticket.</param>
    /// <param name="application">The name that the keys are for.</param>
    /// <param name="useDelay">How many seconds a machine may take to mark a ticket.</param>
    public static FarmMachine Start(
        DirectoryInfo keys, IRefundTools tools, TimeProvider time, string? url = null, IEnforcer? enforcer = null, IDistributedCache? cache = null,
        int maxLength = 4_096, string application = "shop", double useDelay = 0.5)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time);
        services.AddDataProtection().SetApplicationName(application).PersistKeysToFileSystem(keys);
        var thoth = services.AddThoth(options =>
        {
            (options.ApiUrl, options.ApiKey, options.TenantId, options.AgentId) = (url, url is null ? null : "local", "local", "agent");
            (options.StepUp.Mode, options.StepUp.PollInterval) = (StepUpMode.Throw, TimeSpan.FromSeconds(0.01));
        });
        if (enforcer is not null)
        {
            thoth.UseEnforcer(enforcer);
        }

        if (cache is not null)
        {
            services.AddSingleton(cache);
        }

        thoth.UseHeldCallTickets(tickets =>
        {
            (tickets.EnforcerBindsApprovals, tickets.MaxLength) = (cache is null, maxLength);
            tickets.UseDelay = TimeSpan.FromSeconds(useDelay);
        });
        services.AddSingleton(tools).AddGovernedTools<IRefundTools>();
        return new(services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
    }

    public async Task<HeldCall> HoldAsync(string order = "A-1")
    {
        using var session = Enter();
        return (await Assert.ThrowsAsync<StepUpRequiredException>(() => Tools.RefundAsync(order, 900)))!.HeldCall!;
    }

    /// <summary>Makes the held call again, with nothing but its id.</summary>
    /// <returns>The tool's result, or the reason why it did not run.</returns>
    public async Task<string> ResumeAsync(string id, string order = "A-1", string session = "conv-1", string user = "ada")
    {
        using var entered = Enter(session, user);
        if (await Holds.GetAsync(id) is not { } held)
        {
            return "unknown";
        }

        try
        {
            using (Holds.Resume(held))
            {
                return await Tools.RefundAsync(order, 900);
            }
        }
        catch (PolicyViolationException e)
        {
            return e.SdkReasonCode ?? e.Reason;
        }
        catch (StepUpRequiredException e)
        {
            return e.HeldCall!.Id == id ? "held" : "held anew";
        }
        catch (InvalidOperationException)
        {
            return "another session or user";
        }
    }

    /// <summary>Holds a call in a session of the test.</summary>
    public async Task<string> HoldInAsync(ThothSession session)
    {
        using var entered = session.Enter();
        return await Tools.RefundAsync("A-1", 900);
    }

    /// <summary>Makes the session's history as long as it gets, with different names.</summary>
    public async Task FillHistoryAsync(ThothSession session, int calls)
    {
        using var entered = session.Enter();
        var governor = _services.GetRequiredService<IToolGovernor>();
        for (var i = 0; i < calls; i++)
        {
            await governor.WrapTool($"read_document_{i % 20}", static () => Task.FromResult(1))();
        }
    }

    /// <summary>Waits until this machine has recorded the end of its held calls.</summary>
    public async Task ForgetsAsync(Action? step = null)
    {
        var count = -1;
        await Eventually.TrueAsync(() => count == 0, "the held calls end", async () =>
        {
            step?.Invoke();
            count = (await Store.ListAsync(null, default)).Count;
        });
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private IRefundTools Tools => _services.GetRequiredService<IRefundTools>();

    private IDisposable Enter(string session = "conv-1", string user = "ada") => Sessions.GetOrStart(session, new() { UserId = user }).Enter();
}
