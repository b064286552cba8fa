using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using static Thoth.Interception.Tests.Coverage.CoverageCases;

namespace Thoth.Interception.Tests.Coverage;

/// <summary>Every way around governance is found and told with the line to add; what only looks like one is not.</summary>
public class CoverageFindingTests
{
    [Test]
    public void Check_NothingButGovernedTools_FindsNothing() => Assert.That(Check(_ => { }), Is.Empty);

    [Test]
    public void Check_AddedAgain_IsALaterRegistration() => AssertOne(
        Check(services => services.AddSingleton<IDocumentTools, MoreDocuments>()),
        CoverageFindingKind.LaterRegistration,
        "'CoverageCases.IDocumentTools' was registered with 'CoverageCases.MoreDocuments' after AddGovernedTools, and this registration is not "
            + "governed: call services.AddGovernedTools<CoverageCases.IDocumentTools>() after it, or allow it with "
            + "options.AllowUngoverned(typeof(CoverageCases.IDocumentTools), \"reason\").");

    [Test]
    public void Check_Replaced_IsALaterRegistration() => AssertOne(
        Check(services => services.Replace(ServiceDescriptor.Singleton<IDocumentTools>(_ => new Documents()))),
        CoverageFindingKind.LaterRegistration,
        "call services.AddGovernedTools<CoverageCases.IDocumentTools>() after it");

    [Test]
    public void Check_TryAddEnumerable_IsALaterRegistration() => AssertOne(
        Check(services => services.TryAddEnumerable(ServiceDescriptor.Singleton<IDocumentTools, MoreDocuments>())),
        CoverageFindingKind.LaterRegistration,
        "MoreDocuments");

    [Test]
    public void Check_DecoratedAfterwards_SaysToDecorateBefore() => AssertOne(
        Check(services => services.Decorate<IDocumentTools, Caching>()),
        CoverageFindingKind.LaterRegistration,
        "call services.Decorate before services.AddGovernedTools<CoverageCases.IDocumentTools>()");

    [Test]
    public void Check_TheSuggestedLineAdded_FindsNothing() => Assert.That(
        Check(services => services.AddSingleton<IDocumentTools, MoreDocuments>().AddGovernedTools<IDocumentTools>()), Is.Empty);

    [Test]
    public void Check_TryAddThatAddsNothing_FindsNothing() => Assert.That(
        Check(services => services.TryAddSingleton<IDocumentTools, MoreDocuments>()), Is.Empty);

    [Test]
    public void Check_DecoratedBefore_FindsNothing() => Assert.That(
        Check(_ => { }, before: services => services.Decorate<IDocumentTools, Caching>()), Is.Empty);

    [Test]
    public void Check_OtherInterfaceRegisteredAfterwards_FindsNothing() => Assert.That(
        Check(services => services.AddSingleton<IMailTools, Mail>()), Is.Empty);

    [Test]
    public void Check_KeyedRegistration_IsAKeyedRegistration([Values("raw", 7, DayOfWeek.Friday)] object key)
    {
        var findings = Check(services => services.AddKeyedSingleton<IDocumentTools, Documents>(key));

        AssertOne(findings, CoverageFindingKind.KeyedRegistration, $"under the key '{key}'");
        Assert.That(findings[0].ServiceKey, Is.EqualTo(key));
    }

    [Test]
    public void Check_RegistrationForAnyKey_IsAKeyedRegistration() => AssertOne(
        Check(services => services.AddKeyedSingleton<IDocumentTools>(KeyedService.AnyKey, (_, _) => new Documents())),
        CoverageFindingKind.KeyedRegistration,
        "under the key 'KeyedService.AnyKey'");

    [Test]
    public void Check_KeyedRegistrationOfAnotherInterface_FindsNothing() => Assert.That(
        Check(services => services.AddKeyedSingleton<IMailTools, Mail>("raw").AddKeyedSingleton<IReader, OtherReader>("raw")), Is.Empty);

    [Test]
    public void Check_KeyedRegistrationGovernedToo_FindsNothing() => Assert.That(
        Check(services => services.AddKeyedSingleton<IDocumentTools, Documents>("raw").AddGovernedTools<IDocumentTools>()), Is.Empty);

    [Test]
    public void Check_OpenGenericFormOfAClosedOne_IsATwin() => AssertOne(
        CheckAll(services => services
            .AddGovernedTools<IStoreTools<int>, Store<int>>()
            .AddScoped(typeof(IStoreTools<>), typeof(Store<>))),
        CoverageFindingKind.OpenGenericRegistration,
        "'CoverageCases.IStoreTools<>' is registered with 'CoverageCases.Store<>' beside the governed 'CoverageCases.IStoreTools<Int32>'");

    [Test]
    public void Check_OpenGenericFormThatCannotBeClosedSo_FindsNothing() => Assert.That(
        CheckAll(services => services
            .AddGovernedTools<IStoreTools<int>, Store<int>>()
            .AddScoped(typeof(IStoreTools<>), typeof(ClassStore<>))
            .AddScoped<IStoreTools<string>, Store<string>>()),
        Is.Empty);

    [Test]
    public void Check_ClassByItself_IsAConcreteClass([Values] bool keyed) => AssertOne(
        Check(services => _ = keyed ? services.AddKeyedScoped<Documents>("k") : services.AddScoped<Documents>()),
        CoverageFindingKind.ConcreteClass,
        $"'CoverageCases.Documents' implements the governed 'CoverageCases.IDocumentTools' and is registered as a separate service{(keyed ? " under the key 'k'" : "")}, "
            + "which is not governed: remove this registration and inject CoverageCases.IDocumentTools, or allow it with "
            + "options.AllowUngoverned(typeof(CoverageCases.Documents), \"reason\").");

    [Test]
    public void Check_ClassThatTheGovernedFactoryResolves_IsAConcreteClass() => AssertOne(
        CheckAll(services => services
            .AddSingleton<Documents>()
            .AddSingleton<IDocumentTools>(provider => provider.GetRequiredService<Documents>())
            .AddGovernedTools<IDocumentTools>()),
        CoverageFindingKind.ConcreteClass,
        "Documents");

    [Test]
    public void Check_LazyOrFunctionOfTheClass_IsAConcreteClass() => Assert.That(
        Check(services => services
            .AddSingleton(_ => new Lazy<Documents>(() => new Documents()))
            .AddSingleton<Func<Documents>>(() => new Documents())).Select(finding => finding.Kind),
        Is.EqualTo([CoverageFindingKind.ConcreteClass, CoverageFindingKind.ConcreteClass]));

    [Test]
    public void Check_FunctionOfTheInterfaceOrLoggerOfTheClass_FindsNothing() => Assert.That(
        Check(services => services
            .AddSingleton<Func<IDocumentTools>>(provider => provider.GetRequiredService<IDocumentTools>)
            .AddSingleton(provider => new Lazy<IDocumentTools>(provider.GetRequiredService<IDocumentTools>))
            .AddSingleton(new LoggerFactory().CreateLogger<Documents>())
            .AddSingleton<OtherReader>()),
        Is.Empty);

    [TestCase(typeof(TakesClass)), TestCase(typeof(TakesOptional)), TestCase(typeof(TakesKeyed)), TestCase(typeof(TakesSeveral))]
    [TestCase(typeof(TakesArray)), TestCase(typeof(TakesLazy)), TestCase(typeof(TakesFunction)), TestCase(typeof(TakesInOneConstructor))]
    [TestCase(typeof(TakesInOpenGeneric<>))]
    public void Check_ConstructorThatTakesTheClass_IsAConstructorParameter(Type consumer)
    {
        var findings = Check(services => services.AddTransient(consumer));

        AssertOne(findings, CoverageFindingKind.ConstructorParameter, $"The constructor of 'CoverageFindingTests.{consumer.Name.Split('`')[0]}");
        Assert.That(findings[0].Message, Does.Contain("let it take CoverageCases.IDocumentTools instead of CoverageCases.Documents"));
        Assert.That(findings[0].ServiceType, Is.EqualTo(consumer));
    }

    [Test]
    public void Check_ConstructorOfAnotherGovernedTool_IsAConstructorParameter() => AssertOne(
        Check(services => services.AddGovernedTools<IMailTools, MailWithClass>()), CoverageFindingKind.ConstructorParameter, "MailWithClass");

    [Test]
    public void Check_ConstructorOfADecoratedClass_IsAConstructorParameter() => AssertOne(
        Check(services => services.AddTransient<IMailTools, MailWithClass>().Decorate<IMailTools, LoggingMail>()),
        CoverageFindingKind.ConstructorParameter,
        "MailWithClass");

    [TestCase(typeof(TakesInterface)), TestCase(typeof(TakesLoggerOfClass)), TestCase(typeof(TakesPrivately))]
    public void Check_ConstructorThatTakesNoTool_FindsNothing(Type consumer) =>
        Assert.That(Check(services => services.AddTransient(consumer)), Is.Empty);

    [Test]
    public void Check_DecoratorOfTheSameInterface_TakesTheClassUnderGovernance() => Assert.That(
        CheckAll(services => services.AddSingleton<IDocumentTools, CachingOfClass>().AddGovernedTools<IDocumentTools>()), Is.Empty);

    [Test]
    public void Check_BaseSiblingOrDerivedInterfaceWithTheClass_IsARelatedInterface([Values] bool instance)
    {
        var findings = Check(services =>
        {
            _ = instance ? services.AddSingleton<IReader>(new Documents()) : services.AddSingleton<IReader, Documents>();
            _ = instance ? services.AddSingleton<IAdministration>(new Documents()) : services.AddSingleton<IAdministration, Documents>();
            services.AddSingleton<IMoreDocumentTools, MoreDocuments>();
        });

        Assert.That(findings.Select(finding => (finding.Kind, finding.ServiceType)), Is.EqualTo(new[]
        {
            (CoverageFindingKind.RelatedInterface, typeof(IReader)),
            (CoverageFindingKind.RelatedInterface, typeof(IAdministration)),
            (CoverageFindingKind.RelatedInterface, typeof(IMoreDocumentTools)),
        }));
        Assert.That(findings[0].Message, Is.EqualTo(
            "'CoverageCases.IReader' is registered with 'CoverageCases.Documents' and so gives the governed 'CoverageCases.IDocumentTools' "
                + "ungoverned: call services.AddGovernedTools<CoverageCases.IReader>() after it, remove it, or allow it with "
                + "options.AllowUngoverned(typeof(CoverageCases.IReader), \"reason\")."));
    }

    [Test]
    public void Check_HostedServiceThatIsTheTool_IsARelatedInterface() => AssertOne(
        CheckAll(services => services.AddHostedService<Watcher>().AddGovernedTools<IDocumentTools, Watcher>()),
        CoverageFindingKind.RelatedInterface,
        "'IHostedService' is registered with 'CoverageFindingTests.Watcher'");

    [Test]
    public void Check_RelatedInterfacesWithOtherClasses_FindsNothing() => Assert.That(
        Check(services => services
            .AddSingleton<IReader, OtherReader>()
            .AddSingleton<IReader>(new OtherReader())
            .AddSingleton<IReader, OtherReader>(_ => new OtherReader())
            .AddSingleton<IAdministration, OtherAdministration>()),
        Is.Empty);

    [Test]
    public void Check_RelatedInterfaceThatIsGovernedToo_FindsNothing() => Assert.That(
        Check(services => services.AddSingleton<IReader, Documents>().AddGovernedTools<IReader>()), Is.Empty);

    [Test]
    public void Check_ForwardOfABaseOrSiblingInterface_CannotBeToldApart()
    {
        var findings = Check(services => services
            .AddSingleton<IReader>(provider => provider.GetRequiredService<IDocumentTools>())
            .AddSingleton(provider => (IAdministration)provider.GetRequiredService<IDocumentTools>()));

        Assert.That(findings.Select(finding => (finding.Kind, finding.ServiceType)), Is.EqualTo(new[]
        {
            (CoverageFindingKind.RelatedInterface, typeof(IReader)), (CoverageFindingKind.RelatedInterface, typeof(IAdministration)),
        }));
        Assert.That(findings[0].Message, Does.Contain("let it declare the class that it returns").And.Contain("if it only forwards to a governed service"));
    }

    [Test]
    public void Check_FactoryOfASystemOrMarkerInterface_FindsNothing() => Assert.That(
        Check(services => services
            .AddSingleton<IDisposable>(_ => new OtherAdministration())
            .AddSingleton<IMarker>(_ => new OtherAdministration())
            .AddSingleton<object>(_ => new OtherAdministration())),
        Is.Empty);

    [Test]
    public void Check_FactoryThatDeclaresTheClass_IsAFactory()
    {
        static Documents Make(IServiceProvider provider) => new();

        var findings = Check(services => services
            .AddSingleton<IAdministration, Documents>(_ => new Documents())
            .AddSingleton<IMarker>(Make)
            .AddKeyedSingleton<object, Documents>("k", (_, _) => new Documents()));

        Assert.That(
            findings.Select(finding => finding.Kind),
            Is.EqualTo([CoverageFindingKind.Factory, CoverageFindingKind.Factory, CoverageFindingKind.Factory]));
        Assert.That(findings[1].Message, Does.StartWith("The factory of 'CoverageCases.IMarker' returns 'CoverageCases.Documents'"));
    }

    [Test]
    public void Check_FactoryThatDeclaresAnotherClass_FindsNothing() => Assert.That(
        Check(services => services.AddSingleton<IAdministration, OtherAdministration>(_ => new OtherAdministration())), Is.Empty);

    [Test]
    public void Check_InterfaceThatFitsByVarianceOnly_FindsNothing() => Assert.That(
        CheckAll(services => services
            .AddGovernedTools<ISourceTools<object>, Objects>()
            .AddSingleton<ISourceTools<string>, Strings>()),
        Is.Empty);

    [Test]
    public void Check_SeveralWays_AreAllFoundOnceEach() => Assert.That(
        Check(services => services
            .AddSingleton<Documents>()
            .AddSingleton<TakesClass>()
            .AddSingleton<TakesClass>()
            .AddSingleton<IReader, Documents>()
            .AddSingleton<IDocumentTools, Documents>()).Select(finding => finding.Kind),
        Is.EqualTo([
            CoverageFindingKind.ConcreteClass, CoverageFindingKind.RelatedInterface, CoverageFindingKind.LaterRegistration,
            CoverageFindingKind.ConstructorParameter,
        ]));

    private static void AssertOne(IReadOnlyList<CoverageFinding> findings, CoverageFindingKind kind, string message)
    {
        Assert.That(findings.Select(finding => finding.Kind), Is.EqualTo([kind]), string.Join('\n', findings.Select(finding => finding.Message)));
        Assert.That(findings[0].Message, Does.Contain(message));
        Assert.That(findings[0].AllowedReason, Is.Null);
    }

#pragma warning disable CS9113, IDE0060 // Constructors are all that counts of these.
    private sealed class TakesClass(Documents documents);

    private sealed class TakesOptional(Documents? documents = null);

    private sealed class TakesKeyed([FromKeyedServices("k")] Documents documents);

    private sealed class TakesSeveral(IEnumerable<Documents> documents);

    private sealed class TakesArray(IReadOnlyList<Lazy<Documents[]>> documents);

    private sealed class TakesLazy(Lazy<Documents> documents);

    private sealed class TakesFunction(Func<string, Documents> documents);

    private sealed class TakesInOpenGeneric<T>(Documents documents);

    private sealed class TakesInOneConstructor
    {
        public TakesInOneConstructor()
        {
        }

        public TakesInOneConstructor(Documents documents)
        {
        }
    }

    private sealed class TakesInterface(IDocumentTools one, IEnumerable<IDocumentTools> several, OtherReader? reader = null);

    private sealed class TakesLoggerOfClass(ILogger<Documents> logger);

    private sealed class TakesPrivately
    {
        public TakesPrivately()
        {
        }

        private TakesPrivately(Documents documents)
        {
        }
    }

    private sealed class MailWithClass(Documents documents) : IMailTools
    {
        public string Send(string to) => documents.Read(to);
    }

    private sealed class LoggingMail(IMailTools inner) : IMailTools
    {
        public string Send(string to) => inner.Send(to);
    }

    private sealed class Caching(IDocumentTools inner) : IDocumentTools
    {
        public string Read(string path) => inner.Read(path);

        public string Write(string path) => inner.Write(path);
    }

    private sealed class CachingOfClass(Documents inner) : IDocumentTools
    {
        public string Read(string path) => inner.Read(path);

        public string Write(string path) => inner.Write(path);
    }

    private sealed class Watcher : BackgroundService, IDocumentTools
    {
        public string Read(string path) => path;

        public string Write(string path) => path;

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }
}
