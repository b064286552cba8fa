using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Sqlite.HeldCalls;
using Thoth.Interception.StepUp;
using Thoth.Interception.Tests.Sqlite.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Sqlite.HeldCalls;

/// <summary>Which store a service provider uses, and who disposes what.</summary>
public class HeldCallStoreChoiceTests
{
    private readonly OutboxFolder _folder = new();
    private readonly InMemoryHeldCallStore _own = new();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public async Task Default_IsInMemory()
    {
        await using var provider = Provider(static _ => { });

        Assert.That(provider.GetRequiredService<IHeldCallStore>(), Is.TypeOf<InMemoryHeldCallStore>());
    }

    [Test]
    public async Task Outbox_BringsItsStore()
    {
        await using var provider = Provider(thoth => thoth.UseSqliteOutbox(_folder.Path));

        Assert.That(provider.GetRequiredService<IHeldCallStore>(), Is.TypeOf<SqliteHeldCallStore>());
    }

    [TestCase("before")]
    [TestCase("after")]
    [TestCase("service before")]
    [TestCase("service after")]
    public async Task OwnStore_WinsOverTheOutboxs(string order)
    {
        await using var provider = Provider(thoth =>
        {
            Choose("before");
            thoth.UseSqliteOutbox(_folder.Path);
            Choose("after");

            void Choose(string when)
            {
                if (order == when)
                {
                    thoth.UseHeldCallStore(_ => _own);
                }
                else if (order == $"service {when}")
                {
                    thoth.Services.AddSingleton<IHeldCallStore>(_own);
                }
            }
        });

        Assert.That(provider.GetRequiredService<IHeldCallStore>(), Is.SameAs(_own));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Disposal_KeepsTheOutboxOpenUntilTheEventsAreWritten(bool asynchronously)
    {
        var provider = Provider(thoth => thoth.UseSqliteOutbox(_folder.Path));
        var store = provider.GetRequiredService<IHeldCallStore>();
        var tool = provider.GetRequiredService<IToolGovernor>().WrapTool("work", static () => 1);
        for (var i = 0; i < 100; i++)
        {
            tool();
        }

        if (asynchronously)
        {
            await provider.DisposeAsync();
        }
        else
        {
            provider.Dispose();
        }

        Assert.That(_folder.Read("SELECT event_id FROM records WHERE phase IN ('pre', 'post')"), Has.Count.EqualTo(200));
        Assert.That(async () => await store.ListAsync(null, default), Throws.Exception, "the outbox is closed");
        await using var again = _folder.Open();
    }

    private static ServiceProvider Provider(Action<IThothBuilder> choose)
    {
        var services = new ServiceCollection();
        services.AddSingleton(new ThothEnvironment(_ => null));
        choose(services.AddThoth(static options =>
        {
            (options.TenantId, options.AgentId, options.ApiUrl, options.ApiKey) = ("acme", "agent", "http://127.0.0.1:9", "key");
            options.Events.DrainTimeout = TimeSpan.FromSeconds(1);
        }).UseEnforcer(new ScriptedEnforcer()));
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }
}
