using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NSubstitute;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Testing;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Testing;

public class AddThothTestingTests
{
    private static readonly Action<IServiceCollection>[] s_enforcers =
    [
        services => services.AddThoth().UseEnforcer(new ScriptedEnforcer { Decide = _ => ScriptedEnforcer.Block }),
        services => services.AddThoth().UseEnforcer<UnusedEnforcer>(),
        services => services.AddThoth().UseEnforcer(_ => throw new NotSupportedException("created")),
        services => services.AddThoth().UseLocalPolicy("there-is-no-such.policy.json"),
        services => services.AddSingleton<IEnforcer, UnusedEnforcer>(),
        services => services.AddThoth(options => (options.ApiUrl, options.ApiKey) = ("http://127.0.0.1:9", "key")),
        _ => { },
    ];

    [Test]
    public async Task AddThothTesting_BeforeOrAfterTheApplicationsEnforcer_DecidesAllCalls(
        [Range(0, 6)] int enforcer, [Values] bool first)
    {
        TestEnforcer? test = null;
        var services = new ServiceCollection();
        if (first)
        {
            test = services.AddThothTesting();
        }

        services.AddScoped<IShopTools, ShopTools>().AddGovernedTools<IShopTools>();
        s_enforcers[enforcer](services);
        test ??= services.AddThothTesting();
        test.Block("find", "by the test");
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
        await using var scope = provider.CreateAsyncScope();
        var tools = scope.ServiceProvider.GetRequiredService<IShopTools>();

        Assert.That(await tools.RefundAsync("A-1", 5), Is.EqualTo("A-1: 5"));
        Assert.That(() => tools.Find("policy"), Throws.TypeOf<PolicyViolationException>().With.Property("Reason").EqualTo("by the test"));
        test.AssertCalls("refund", "find");
        Assert.That(provider.GetRequiredService<TestEnforcer>(), Is.SameAs(test));
    }

    [Test]
    public async Task AddThothTesting_BeforeOrAfterSinksAndOutbox_KeepsEventsInMemory([Values] bool first, [Values] bool withApi)
    {
        var folder = Directory.CreateTempSubdirectory("thoth-testing-");
        try
        {
            var sink = new InMemoryEventSink();
            var services = new ServiceCollection();
            if (first)
            {
                services.AddThothTesting();
            }

            services.AddSingleton<IShopTools>(new ShopTools()).AddGovernedTools<IShopTools>();
            services.AddThoth(options => options.ApiUrl = withApi ? "http://127.0.0.1:9" : null)
                .AddEventSink(sink).UseSqliteOutbox(Path.Combine(folder.FullName, "outbox.db"));
            var enforcer = services.AddThothTesting();
            enforcer.Hold("refund");
            await using (var provider = services.BuildServiceProvider())
            {
                provider.GetRequiredService<IShopTools>().Find("policy");
                Assert.That(provider.GetRequiredService<IEventPipeline>().StatisticsBySink.Keys, Is.EqualTo(new[] { nameof(TestEnforcer) }));
                Assert.That(provider.GetRequiredService<IEventPipeline>().Statistics.Sent, Is.EqualTo(enforcer.Events.Count));
            }

            enforcer.AssertEvents("find", EventPhase.Pre, EventPhase.Post);
            Assert.That(sink.Events, Is.Empty);
            Assert.That(folder.GetFileSystemInfos(), Is.Empty);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task AddThothTesting_UnderAHost_StartsAndStops()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton<IShopTools>(new ShopTools()).AddGovernedTools<IShopTools>();
        var enforcer = builder.Services.AddThothTesting();
        using var host = builder.Build();

        await host.StartAsync();
        host.Services.GetRequiredService<IShopTools>().Find("policy");
        await host.StopAsync();

        enforcer.AssertCompleted("find");
    }

    [Test]
    public void Options_OfTheApplication_StayExceptThoseThatATestNeeds()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Thoth:TenantId"] = "acme",
            ["Thoth:Enforcement"] = "observe",
            ["Thoth:FailOpen"] = "true",
        }).Build();
        var services = new ServiceCollection();
        services.AddThothTesting();
        services.AddThoth(configuration);
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<ThothOptions>>().Value;

        Assert.That(options.TenantId, Is.EqualTo("acme"));
        Assert.That(options.AgentId, Is.EqualTo("test-agent"));
        Assert.That(options.Enforcement, Is.EqualTo(EnforcementMode.Block));
        Assert.That(options.FailOpen, Is.True);
    }

    [Test]
    public void Environment_OfTheMachine_IsNotRead()
    {
        var services = new ServiceCollection();
        services.AddSingleton(new ThothEnvironment(name => name.EndsWith("FAIL_OPEN", StringComparison.Ordinal) ? "true" : "elsewhere"));
        services.AddThothTesting();
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<ThothOptions>>().Value;

        Assert.That((options.TenantId, options.ApiUrl, options.FailOpen), Is.EqualTo(("test-tenant", (string?)null, false)));
    }

    [Test]
    public async Task FailOpen_OfTheApplication_LetsCallsRunIfTheEnforcerIsUnreachable()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IShopTools>(new ShopTools()).AddGovernedTools<IShopTools>().AddThoth(options => options.FailOpen = true);
        var enforcer = services.AddThothTesting();
        enforcer.Unreachable();
        await using var provider = services.BuildServiceProvider();

        Assert.That(await provider.GetRequiredService<IShopTools>().RefundAsync("A-1", 5), Is.EqualTo("A-1: 5"));
        Assert.That(enforcer.AssertCompleted("refund").Decision!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SdkFailOpen));
    }

    [Test]
    public async Task Call_ThatTheLibraryRefusesBeforeTheEnforcer_IsRecorded()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IShopTools>(new ShopTools()).AddGovernedTools<IShopTools>().AddThoth(options => options.RequireSession = true);
        var enforcer = services.AddThothTesting();
        await using var provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredService<IShopTools>().Find("policy"), Throws.TypeOf<PolicyViolationException>());

        Assert.That(enforcer.AssertRefused("find").Decision!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionRequired));
    }

    [Test]
    public async Task Fake_RegisteredAfterTheApplication_IsGovernedUnderTheSameNames([Values] bool replaces, [Values] bool again)
    {
        var services = new ServiceCollection();
        services.AddScoped<IShopTools, ShopTools>()
            .AddGovernedTools<IShopTools>(options => options.ToolNameSelector = method => $"shop-{method.Name}");
        if (again)
        {
            services.AddThothTesting();
        }

        if (replaces)
        {
            services.Replace(ServiceDescriptor.Scoped<IShopTools, FakeShop>());
        }
        else
        {
            services.AddScoped<IShopTools, FakeShop>();
        }

        var enforcer = services.AddThothTesting();
        enforcer.Block("shop-RefundAsync", "no");
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        await using var scope = provider.CreateAsyncScope();
        var tools = scope.ServiceProvider.GetRequiredService<IShopTools>();

        Assert.That(tools.Find("policy"), Is.EqualTo("fake"));
        Assert.That(async () => await tools.RefundAsync("A-1", 1), Throws.TypeOf<PolicyViolationException>());
        enforcer.AssertCalls("shop-Find", "shop-RefundAsync");
        Assert.That(provider.GetRequiredService<IToolCatalog>().Findings, Is.Empty);
    }

    [Test]
    public async Task Fake_OfAMockingLibrary_IsGoverned()
    {
        var fake = Substitute.For<IShopTools>();
        fake.Find("policy").Returns("substitute");
        var services = new ServiceCollection();
        services.AddScoped<IShopTools, ShopTools>().AddGovernedTools<IShopTools>();
        services.AddSingleton(fake);
        var enforcer = services.AddThothTesting();
        await using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<IShopTools>().Find("policy"), Is.EqualTo("substitute"));
        enforcer.Block("find", "no");
        Assert.That(() => provider.GetRequiredService<IShopTools>().Find("policy"), Throws.TypeOf<PolicyViolationException>());

        fake.Received(1).Find("policy");
    }

    [Test]
    public async Task Fake_RegisteredAfterAddThothTesting_IsReportedAndNotCalledUngoverned()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IShopTools, ShopTools>().AddGovernedTools<IShopTools>();
        services.AddThothTesting();
        services.AddSingleton<IShopTools, FakeShop>();
        await using var provider = services.BuildServiceProvider();

        Assert.That(
            () => provider.GetRequiredService<IToolGovernor>(),
            Throws.TypeOf<ToolCoverageException>().With.Message.Contains("call services.AddGovernedTools<IShopTools>() after it"));
    }

    [Test]
    public async Task Application_WithAWayAroundGovernance_FailsInItsTestsToo()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IShopTools, ShopTools>().AddGovernedTools<IShopTools>().AddSingleton<ShopTools>();
        services.AddThothTesting();
        await using var provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredService<IShopTools>(), Throws.TypeOf<ToolCoverageException>());
    }

    [Test]
    public async Task Providers_OfOneCollection_ShareTheRecordsAndMayEndInAnyOrder()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IShopTools>(new ShopTools()).AddGovernedTools<IShopTools>();
        var enforcer = services.AddThothTesting();
        await using var first = services.BuildServiceProvider();
        await using (var second = services.BuildServiceProvider())
        {
            second.GetRequiredService<IShopTools>().Find("policy");
        }

        first.GetRequiredService<IShopTools>().Find("policy");

        enforcer.AssertCalls("find", "find");
    }

    [Test]
    public void AddThothTesting_WithoutServices_Throws() =>
        Assert.That(() => ThothTestingServiceCollectionExtensions.AddThothTesting(null!), Throws.ArgumentNullException);

    private sealed class FakeShop : ShopTools
    {
        public override string Find(string query) => "fake";
    }

    /// <summary>Cannot be created: no test may need the application's enforcer.</summary>
    private sealed class UnusedEnforcer : IEnforcer
    {
        public UnusedEnforcer() => throw new NotSupportedException("created");

        public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
