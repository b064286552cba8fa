using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

/// <summary>The container finds in a governed registration what it finds in the bare one.</summary>
public class ValidationParityTests
{
    public interface IMailTools
    {
        string Send(string to);
    }

    public interface IPhoneTools;

    public static IEnumerable<TestCaseData> Faulty()
    {
        yield return Case("missing", s => s.AddSingleton<IMailTools, NeedsMissing>());
        yield return Case("missing, keyed", s => s.AddKeyedScoped<IMailTools, NeedsMissing>(7));
        yield return Case("missing key", s => s.AddKeyedSingleton("other", new Tenant()).AddSingleton<IMailTools, NeedsKeyed>());
        yield return Case("missing inherited key", s => s.AddKeyedSingleton<IMailTools, NeedsInherited>("a"));
        yield return Case("key of another type", s => s.AddKeyedSingleton<IMailTools, NeedsNumber>("a"));
        yield return Case("constructor not public", s => s.AddTransient<IMailTools, NotPublic>());
        yield return Case("constructors ambiguous", s => s.AddSingleton<Tenant>().AddSingleton<Office>().AddScoped<IMailTools, Ambiguous>());
        yield return Case("closed generic", s => s.AddScoped<IMailTools, Generic<Missing>>());
        yield return Case("captive", s => s.AddScoped<Tenant>().AddSingleton<IMailTools, NeedsTenant>());
        yield return Case("by-reference parameter", s => s.AddScoped<IMailTools, ByReference>());

        static TestCaseData Case(string name, Func<IServiceCollection, IServiceCollection> add) => new TestCaseData(add).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Faulty))]
    public void Build_FaultyImplementation_FailsAsItDoesBare(Func<IServiceCollection, IServiceCollection> add)
    {
        var bare = ContainerErrors.Of(add(new ServiceCollection()));
        var governed = ContainerErrors.Of(add(Thoth()).AddGovernedTools<IMailTools>());

        Assert.That(bare, Has.Length.EqualTo(1));
        Assert.That(governed, Is.EqualTo(bare));
    }

    [Test]
    public void Build_SingletonThatTakesAScopedTool_FailsAsItDoesBare()
    {
        static IServiceCollection Add(IServiceCollection services) => services.AddScoped<IMailTools, Plain>().AddSingleton<MailUser>();

        Assert.That(ContainerErrors.Of(Add(Thoth()).AddGovernedTools<IMailTools>()), Is.EqualTo(ContainerErrors.Of(Add(new ServiceCollection()))).And.Length.EqualTo(1));
    }

    [Test]
    public void Resolve_ScopedToolFromTheRoot_FailsAsItDoesBare([Values] bool factory)
    {
        IServiceCollection Add(IServiceCollection services) =>
            factory ? services.AddScoped<IMailTools>(_ => new Plain()) : services.AddScoped<IMailTools, Plain>();
        using var bare = Add(new ServiceCollection()).BuildServiceProvider(ContainerErrors.Strict);
        using var governed = Add(Thoth()).AddGovernedTools<IMailTools>().BuildServiceProvider(ContainerErrors.Strict);

        var expected = Assert.Throws<InvalidOperationException>(() => bare.GetService<IMailTools>())!;

        Assert.That(() => governed.GetService<IMailTools>(), Throws.InvalidOperationException.With.Message.EqualTo(expected.Message));
    }

    [Test]
    public void Resolve_TransientToolWithAScopedDependencyFromTheRoot_IsRefused()
    {
        using var governed = Thoth().AddScoped<Tenant>().AddTransient<IMailTools, NeedsTenant>().AddGovernedTools<IMailTools>()
            .BuildServiceProvider(ContainerErrors.Strict);

        Assert.That(() => governed.GetService<IMailTools>(), Throws.InvalidOperationException.With.Message.Contains("scoped service"));
    }

    [Test]
    public void Build_FactoryOfATool_IsAsOpaqueAsBare()
    {
        // A circle and a captive dependency, neither of which any container can see in a delegate.
        static IServiceCollection Add(IServiceCollection services) => services
            .AddScoped<Tenant>()
            .AddTransient<IMailTools>(provider => new NeedsPhone(provider.GetRequiredService<IPhoneTools>()))
            .AddTransient<IPhoneTools, NeedsMail>()
            .AddKeyedSingleton<IMailTools>("a", (provider, _) => new NeedsTenant(provider.GetRequiredService<Tenant>()));

        Assert.That(ContainerErrors.Of(Add(new ServiceCollection())), Is.Empty);
        Assert.That(ContainerErrors.Of(Add(Thoth()).AddGovernedTools<IMailTools>()), Is.Empty);
    }

    [Test]
    public void Resolve_FactoryGivesNull_IsAsBare()
    {
        using var governed = Thoth().AddScoped<IMailTools>(_ => null!).AddGovernedTools<IMailTools>().BuildServiceProvider(ContainerErrors.Strict);
        using var scope = governed.CreateScope();

        Assert.That(scope.ServiceProvider.GetService<IMailTools>(), Is.Null);
        Assert.That(() => scope.ServiceProvider.GetRequiredService<IMailTools>(), Throws.InvalidOperationException);
    }

    [Test]
    public void Resolve_ConstructorThrows_ThrowsTheSame()
    {
        using var governed = Thoth().AddTransient<IMailTools, Throwing>().AddGovernedTools<IMailTools>().BuildServiceProvider(ContainerErrors.Strict);

        Assert.That(() => governed.GetService<IMailTools>(), Throws.TypeOf<NotSupportedException>().With.Message.EqualTo("not today"));
    }

    [Test]
    public void Resolve_CircularDependencyInAProviderThatWasNotValidated_IsFoundAsBare([Values] ServiceLifetime lifetime)
    {
        IServiceCollection Add(IServiceCollection services) => services
            .Put(new(typeof(IMailTools), typeof(NeedsPhone), lifetime)).Put(new(typeof(IPhoneTools), typeof(NeedsMail), lifetime));
        using var bare = Add(new ServiceCollection()).BuildServiceProvider();
        using var governed = Add(Thoth()).AddGovernedTools<IMailTools>().BuildServiceProvider();

        foreach (var service in (Type[])[typeof(IMailTools), typeof(IPhoneTools)])
        {
            var expected = Assert.Throws<InvalidOperationException>(() => bare.GetService(service))!;
            Assert.That(expected.Message, Does.StartWith($"A circular dependency was detected for the service of type '{service}'"));
            Assert.That(() => governed.GetService(service), Throws.InvalidOperationException.With.Message.StartsWith(expected.Message.Split('\n')[0]));
        }
    }

    [Test]
    public async Task Constructors_TheContainerChoosesAsItDoesBare([Values] bool withTenant, [Values] bool withOffice)
    {
        IServiceCollection Add(IServiceCollection services)
        {
            if (withTenant)
            {
                services.AddSingleton<Tenant>();
            }

            if (withOffice)
            {
                services.AddSingleton<Office>();
            }

            return services.AddSingleton<IMailTools, Choosy>();
        }

        await using var bare = Add(new ServiceCollection()).BuildServiceProvider(ContainerErrors.Strict);
        await using var host = GovernedHost.Create(services => Add(services).AddGovernedTools<IMailTools>());

        Assert.That(host.Get<IMailTools>().Send("x"), Is.EqualTo(bare.GetRequiredService<IMailTools>().Send("x")));
    }

    [Test]
    public async Task Constructors_DefaultValues_AreThoseOfTheImplementation()
    {
        await using var bare = new ServiceCollection().AddSingleton<IMailTools, Defaults>().BuildServiceProvider(ContainerErrors.Strict);
        await using var host = GovernedHost.Create(services => services.AddSingleton<IMailTools, Defaults>().AddGovernedTools<IMailTools>());

        Assert.That(host.Get<IMailTools>().Send("x"), Is.EqualTo(bare.GetRequiredService<IMailTools>().Send("x")));
    }

    [Test]
    public async Task Constructors_PrivateValueTypes_ReachTheImplementation()
    {
        await using var host = GovernedHost.Create(services => services
            .AddKeyedSingleton<IMailTools, NeedsPrivateEnum>(Private.Second)
            .Put(new(typeof(PrivateStruct), new PrivateStruct(3)))
            .AddGovernedTools<IMailTools>());

        Assert.That(host.Services.GetRequiredKeyedService<IMailTools>(Private.Second).Send("x"), Is.EqualTo("Second 3"));
    }

    private static IServiceCollection Thoth()
    {
        var services = new ServiceCollection();
        services.AddSingleton(new ThothEnvironment(_ => null));
        services.AddThoth(o => (o.TenantId, o.AgentId) = ("acme", "agent")).UseEnforcer(new ScriptedEnforcer());
        return services;
    }

    private enum Private
    {
        First,
        Second,
    }

    private readonly record struct PrivateStruct(int Number);

    private sealed class Missing;

    private sealed class Tenant;

    private sealed class Office;

    private class Plain : IMailTools
    {
        public virtual string Send(string to) => to;
    }

    private sealed class NeedsMissing(Missing missing) : Plain
    {
        public override string Send(string to) => $"{missing}";
    }

    private sealed class NeedsTenant(Tenant tenant) : Plain
    {
        public override string Send(string to) => $"{tenant}";
    }

    private sealed class NeedsKeyed([FromKeyedServices("a")] Tenant tenant) : Plain
    {
        public override string Send(string to) => $"{tenant}";
    }

    private sealed class NeedsInherited([FromKeyedServices] Tenant tenant) : Plain
    {
        public override string Send(string to) => $"{tenant}";
    }

    private sealed class NeedsNumber([ServiceKey] int key) : Plain
    {
        public override string Send(string to) => $"{key}";
    }

    private sealed class NeedsPrivateEnum([ServiceKey] Private key, PrivateStruct number) : Plain
    {
        public override string Send(string to) => $"{key} {number.Number}";
    }

    private sealed class NeedsPhone(IPhoneTools phone) : Plain
    {
        public override string Send(string to) => $"{phone}";
    }

    private sealed class NeedsMail(IMailTools mail) : IPhoneTools
    {
        public override string ToString() => $"{mail}";
    }

    private sealed class MailUser(IMailTools mail)
    {
        public string Use() => mail.Send("x");
    }

    private sealed class NotPublic : Plain
    {
        private NotPublic()
        {
        }

        public static NotPublic Create() => new();
    }

    private sealed class Ambiguous : Plain
    {
        public Ambiguous(Tenant tenant) => ArgumentNullException.ThrowIfNull(tenant);

        public Ambiguous(Office office) => ArgumentNullException.ThrowIfNull(office);
    }

    private sealed class Generic<T>(T value) : Plain
    {
        public override string Send(string to) => $"{value}";
    }

    private sealed class ByReference : Plain
    {
        public ByReference(in Tenant tenant) => ArgumentNullException.ThrowIfNull(tenant);
    }

    private sealed class Throwing : Plain
    {
        public Throwing() => throw new NotSupportedException("not today");
    }

    private sealed class Choosy : Plain
    {
        private readonly string _chosen;

        public Choosy() => _chosen = "none";

        public Choosy(Tenant tenant) => _chosen = $"{tenant}";

        public Choosy(Tenant tenant, Office office) => _chosen = $"{tenant}{office}";

        public override string Send(string to) => _chosen;
    }

    private sealed class Defaults(
        [Optional, DateTimeConstant(638_000_000_000_000_000)] DateTime when, Missing? nothing = null, string text = "text", int number = 3, decimal amount = -12.50m, decimal price = 0.99m, DayOfWeek day = DayOfWeek.Friday,
        DayOfWeek? maybe = DayOfWeek.Monday, long? none = null, Guid id = default, CancellationToken cancellationToken = default) : Plain
    {
        public override string Send(string to) => FormattableString.Invariant(
            $"{when.Ticks} {nothing == null} {text} {number} {amount} {price} {day} {maybe} {none == null} {id} {cancellationToken.CanBeCanceled}");
    }
}
