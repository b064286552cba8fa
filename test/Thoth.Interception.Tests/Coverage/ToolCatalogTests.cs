using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Thoth.Interception.DependencyInjection;

namespace Thoth.Interception.Tests.Coverage;

public class ToolCatalogTests
{
    public interface IPaymentTools
    {
        [GovernedTool("refund_order", Action = ToolAction.Execute)]
        Task RefundAsync([Sensitive] string card, decimal amount, CancellationToken cancellationToken);

        bool TryFind<T>(T id, out string order, Stream? log, ref int count);

        [Ungoverned]
        bool IsHealthy();

        string Name { get; }
    }

    [Test]
    public void Tools_TellAllThatIsKnownAboutEach()
    {
        using var provider = CoverageCases.Build(services => services.AddGovernedTools<IPaymentTools, Payments>(ServiceLifetime.Transient));

        var tools = provider.GetRequiredService<IToolCatalog>().Tools;

        Assert.That(tools.Select(tool => (tool.Name, tool.Method.Name, tool.Action)), Is.EqualTo(new[]
        {
            ("refund_order", "RefundAsync", ToolAction.Execute), ("try_find", "TryFind", ToolAction.Unspecified),
        }));
        Assert.That(
            tools.Select(tool => (tool.Interface, tool.Implementation, tool.Lifetime, tool.ServiceKey, tool.Coverage)),
            Has.All.EqualTo((typeof(IPaymentTools), typeof(Payments), ServiceLifetime.Transient, (object?)null, ToolCoverage.Throw)));
        Assert.That(tools[0].Parameters, Is.EqualTo(new CatalogedParameter[]
        {
            new() { Name = "card", Type = typeof(string), IsMasked = true, GoesToEnforcer = true },
            new() { Name = "amount", Type = typeof(decimal), GoesToEnforcer = true },
            new() { Name = "cancellationToken", Type = typeof(CancellationToken) },
        }));
        Assert.That(
            tools[1].Parameters.Select(parameter => (parameter.Name, parameter.Type.Name, parameter.GoesToEnforcer)),
            Is.EqualTo(new[] { ("id", "T", true), ("order", "String", false), ("log", "Stream", false), ("count", "Int32", true) }));
    }

    [Test]
    public void Tools_OfSeveralRegistrations_AreListedForEach()
    {
        using var provider = CoverageCases.Build(services => services
            .AddSingleton<CoverageCases.IDocumentTools>(new CoverageCases.Documents())
            .AddScoped<CoverageCases.IDocumentTools>(_ => new CoverageCases.Documents())
            .AddGovernedTools<CoverageCases.IDocumentTools>());

        var tools = provider.GetRequiredService<IToolCatalog>().Tools;

        Assert.That(tools.Select(tool => (tool.Name, tool.Lifetime, tool.Implementation)), Is.EqualTo(new[]
        {
            ("read", ServiceLifetime.Singleton, typeof(CoverageCases.Documents)),
            ("write", ServiceLifetime.Singleton, typeof(CoverageCases.Documents)),
            ("read", ServiceLifetime.Scoped, null),
            ("write", ServiceLifetime.Scoped, null),
        }));
        Assert.That(tools[0].Method.DeclaringType, Is.EqualTo(typeof(CoverageCases.IReader)));
    }

    [Test]
    public void Tools_OfAKeyedRegistration_TellTheKey()
    {
        using var provider = CoverageCases.Build(services => services
            .AddKeyedScoped<CoverageCases.IDocumentTools, CoverageCases.Documents>(DayOfWeek.Friday)
            .AddGovernedTools<CoverageCases.IDocumentTools>());

        var catalog = provider.GetRequiredService<IToolCatalog>();

        Assert.That(catalog.Findings, Is.Empty);
        Assert.That(
            catalog.Tools.Select(tool => (tool.ServiceKey, tool.Implementation)),
            Is.EqualTo(new[] { ((object?)DayOfWeek.Friday, typeof(CoverageCases.Documents)), (DayOfWeek.Friday, typeof(CoverageCases.Documents)) }));
    }

    [Test]
    public void Tools_OfARemovedRegistration_AreGone()
    {
        using var provider = CoverageCases.Build(services => services
            .AddGovernedTools<CoverageCases.IDocumentTools, CoverageCases.Documents>()
            .RemoveAll<CoverageCases.IDocumentTools>());

        Assert.That(provider.GetRequiredService<IToolCatalog>().Tools, Is.Empty);
    }

    [Test]
    public void Catalog_WithNothingGoverned_IsEmpty()
    {
        using var provider = CoverageCases.Build(_ => { });

        var catalog = provider.GetRequiredService<IToolCatalog>();

        Assert.That((catalog.Tools.Count, catalog.Findings.Count, catalog.Allowed.Count), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void Catalog_WhereTheEnforcerCannotBeMade_CanBeRead()
    {
        var services = new ServiceCollection().AddSingleton(new ThothEnvironment(_ => null));
        services.AddGovernedTools<CoverageCases.IDocumentTools, CoverageCases.Documents>();
        using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<IToolCatalog>().Tools, Has.Count.EqualTo(2));
    }

    private sealed class Payments : IPaymentTools
    {
        public string Name => "payments";

        public Task RefundAsync(string card, decimal amount, CancellationToken cancellationToken) => Task.CompletedTask;

        public bool TryFind<T>(T id, out string order, Stream? log, ref int count)
        {
            order = "";
            return false;
        }

        public bool IsHealthy() => true;
    }
}
