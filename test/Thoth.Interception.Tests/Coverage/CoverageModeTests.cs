using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Tests.Support;
using static Thoth.Interception.Tests.Coverage.CoverageCases;

namespace Thoth.Interception.Tests.Coverage;

/// <summary>When the check runs, and what becomes of what it finds.</summary>
public class CoverageModeTests
{
    private readonly RecordingLogger _log = new(LogLevel.Information);

    [Test]
    public void Resolve_WithoutAHost_ThrowsEachTimeAndListsEveryFinding()
    {
        using var provider = Provider(services => services.AddSingleton<Documents>().AddSingleton<IReader, Documents>());

        var first = Assert.Throws<ToolCoverageException>(() => provider.GetRequiredService<IDocumentTools>());
        Assert.Throws<ToolCoverageException>(() => provider.GetRequiredService<IDocumentTools>());

        Assert.That(first.Findings.Select(finding => finding.ServiceType), Is.EqualTo([typeof(Documents), typeof(IReader)]));
        Assert.That(first.Message, Is.EqualTo(
            "Governed tools can be reached ungoverned in 2 ways, so nothing was started:\n"
                + $"1. {first.Findings[0].Message}\n2. {first.Findings[1].Message}"));
    }

    [Test]
    public void Resolve_EveryEntrance_DemandsTheCheck()
    {
        using var provider = Provider(services => services
            .AddSingleton<Documents>()
            .AddScoped<IMailTools, Mail>()
            .AddGovernedTools<IMailTools>(o => o.Coverage = ToolCoverage.Off));
        using var scope = provider.CreateScope();

        Assert.Throws<ToolCoverageException>(() => scope.ServiceProvider.GetServices<IDocumentTools>().ToArray());
        Assert.Throws<ToolCoverageException>(() => scope.ServiceProvider.GetRequiredService<IMailTools>());
        Assert.Throws<ToolCoverageException>(() => provider.GetRequiredService<IToolGovernor>());
    }

    [Test]
    public async Task HostStart_WithAFinding_FailsBeforeAnyHostedServiceRuns()
    {
        var before = new Starting();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IHostedService>(before);
        AddTo(builder.Services, Governed(services => services.AddSingleton<Documents>()));
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<ToolCoverageException>(() => host.StartAsync());

        Assert.That(exception.Findings, Has.Count.EqualTo(1));
        Assert.That(before.HasStarted, Is.False);
    }

    [Test]
    public async Task HostStart_WithoutLifecycle_FailsToo()
    {
        using var provider = Provider(services => services.AddSingleton<Documents>());
        var ours = provider.GetServices<IHostedService>().OfType<ThothHostedService>().Single();

        await Assert.ThrowsAsync<ToolCoverageException>(() => ours.StartAsync(default));
    }

    [Test]
    public async Task HostStart_WithNoFinding_Starts()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        AddTo(builder.Services, Governed(_ => { }));
        using var host = builder.Build();

        await host.StartAsync();

        Assert.That(host.Services.GetRequiredService<IDocumentTools>().Read("x"), Is.EqualTo("read x"));
        await host.StopAsync();
    }

    [Test]
    public async Task Warn_LogsEachFindingOnceForEachProvider()
    {
        var services = new ServiceCollection();
        AddTo(services, Governed(
            all => all.AddSingleton<Documents>().AddSingleton<IReader, Documents>(), o => o.Coverage = ToolCoverage.Warn));
        for (var providers = 1; providers <= 2; providers++)
        {
            await using var provider = services.BuildServiceProvider();

            _ = provider.GetRequiredService<IToolCatalog>();
            Assert.That(provider.GetRequiredService<IDocumentTools>().Read("x"), Is.EqualTo("read x"));
            _ = provider.GetRequiredService<IToolGovernor>();
            await provider.GetServices<IHostedService>().OfType<ThothHostedService>().Single().StartAsync(default);

            Assert.That(provider.GetRequiredService<IToolCatalog>().Findings, Has.Count.EqualTo(2));
            Assert.That(Logged(LogLevel.Warning), Has.Length.EqualTo(2 * providers));
        }

        Assert.That(Logged(LogLevel.Warning)[0], Does.StartWith("A governed tool can be reached ungoverned. 'CoverageCases.Documents' implements"));
    }

    [Test]
    public void Off_LooksForNothing()
    {
        using var provider = Provider(services => services.AddSingleton<Documents>(), o => o.Coverage = ToolCoverage.Off);

        Assert.That(() => provider.GetRequiredService<IDocumentTools>(), Throws.Nothing);
        Assert.That(provider.GetRequiredService<IToolCatalog>().Findings, Is.Empty);
        Assert.That(provider.GetRequiredService<IToolCatalog>().Tools, Has.All.Property("Coverage").EqualTo(ToolCoverage.Off));
        Assert.That(Logged(LogLevel.Warning), Is.Empty);
    }

    [Test]
    public void Throw_ForOneInterfaceOfAClass_OutweighsWarnForAnother()
    {
        using var provider = Provider(
            services => services
                .AddSingleton<Documents>()
                .AddSingleton<IAdministration, OtherAdministration>()
                .AddGovernedTools<IAdministration>(),
            o => o.Coverage = ToolCoverage.Warn);

        var exception = Assert.Throws<ToolCoverageException>(() => provider.GetRequiredService<IDocumentTools>());

        Assert.That(exception.Findings.Single().Interface, Is.EqualTo(typeof(IAdministration)));
    }

    [Test]
    public void Coverage_SetAgain_TheLastValueHoldsAndAnUnsetOneChangesNothing()
    {
        using var warned = Provider(
            services => services.AddSingleton<Documents>().AddGovernedTools<IDocumentTools>(o => o.Coverage = ToolCoverage.Warn).AddGovernedTools<IDocumentTools>());

        Assert.That(() => warned.GetRequiredService<IDocumentTools>(), Throws.Nothing);
    }

    [Test]
    public void Allow_AFindingsType_ListsItWithItsReason()
    {
        using var provider = Provider(
            services => services.AddSingleton<Documents>().AddKeyedSingleton<Documents>("k"),
            o => o.AllowUngoverned(typeof(Documents), " the indexer needs its cache "));

        Assert.That(() => provider.GetRequiredService<IDocumentTools>(), Throws.Nothing);
        var catalog = provider.GetRequiredService<IToolCatalog>();
        Assert.That(catalog.Findings, Is.Empty);
        Assert.That(
            catalog.Allowed.Select(finding => (finding.ServiceType, finding.ServiceKey, finding.AllowedReason)),
            Is.EqualTo(new[] { (typeof(Documents), (object?)null, "the indexer needs its cache"), (typeof(Documents), "k", "the indexer needs its cache") }));
        Assert.That(Logged(LogLevel.Information), Has.Exactly(2).EndsWith("the indexer needs its cache"));
    }

    [Test]
    public void Allow_AnotherType_LeavesTheFinding()
    {
        using var provider = Provider(
            services => services.AddSingleton<Documents>().AddSingleton<IReader, Documents>(), o => o.AllowUngoverned(typeof(IReader), "forwards"));

        var exception = Assert.Throws<ToolCoverageException>(() => provider.GetRequiredService<IDocumentTools>());

        Assert.That(exception.Findings.Single().ServiceType, Is.EqualTo(typeof(Documents)));
    }

    [TestCase(typeof(Indexer)), TestCase(typeof(IIndexer)), TestCase(typeof(Documents))]
    public void Allow_AConstructor_ByItsClassItsServiceOrTheParameter(Type allowed) => Assert.That(
        Check(services => services.AddSingleton<IIndexer, Indexer>(), o => o.AllowUngoverned(allowed, "reads only")), Is.Empty);

    [Test]
    public void Allow_WithoutAReason_Throws([Values(null, "", " ")] string? reason) => Assert.That(
        () => new GovernedToolsOptions().AllowUngoverned(typeof(Documents), reason!), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void Coverage_UndefinedValue_Throws() => Assert.That(
        () => new GovernedToolsOptions().Coverage = (ToolCoverage)3, Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Check_IsRunWhenAProviderFirstNeedsIt_AndOncePerProvider()
    {
        var services = new ServiceCollection();
        AddTo(services, Governed(_ => { }));
        using var early = services.BuildServiceProvider();
        using var late = services.BuildServiceProvider();
        _ = early.GetRequiredService<IDocumentTools>();

        services.AddSingleton<Documents>();

        Assert.That(early.GetRequiredService<IToolCatalog>().Findings, Is.Empty);
        Assert.Throws<ToolCoverageException>(() => late.GetRequiredService<IDocumentTools>());
    }

    [Test]
    public void Check_OfACopiedCollection_LooksAtTheCopyThatWasGoverned()
    {
        var original = new ServiceCollection();
        AddTo(original, Governed(_ => { }));
        var copy = new ServiceCollection();
        foreach (var descriptor in original)
        {
            ((ICollection<ServiceDescriptor>)copy).Add(descriptor);
        }

        copy.AddGovernedTools<IDocumentTools>().AddSingleton<Documents>();
        using var provider = copy.BuildServiceProvider();
        using var untouched = original.BuildServiceProvider();

        Assert.Throws<ToolCoverageException>(() => provider.GetRequiredService<IDocumentTools>());
        Assert.That(() => untouched.GetRequiredService<IDocumentTools>(), Throws.Nothing);
    }

    private ServiceProvider Provider(Action<IServiceCollection> after, Action<GovernedToolsOptions>? govern = null) =>
        Build(Governed(after, govern));

    private Action<IServiceCollection> Governed(Action<IServiceCollection> after, Action<GovernedToolsOptions>? govern = null) => services =>
    {
        services.AddLogging(logging => logging.AddProvider(_log));
        services.AddSingleton<IDocumentTools, Documents>().AddGovernedTools<IDocumentTools>(govern);
        after(services);
    };

    private string[] Logged(LogLevel level) => [.. _log.Entries.Where(entry => entry.Level == level).Select(entry => entry.Message)];

    private interface IIndexer;

#pragma warning disable CS9113 // The constructor is all that counts.
    private sealed class Indexer(Documents documents) : IIndexer;
#pragma warning restore CS9113

    private sealed class Starting : IHostedService
    {
        public bool HasStarted { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            HasStarted = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
