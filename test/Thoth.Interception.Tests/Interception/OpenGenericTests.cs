using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

public class OpenGenericTests
{
    public interface IRepositoryTools<T>
    {
        string Find(T id);
    }

    [Test]
    public async Task AddGovernedTools_ClosedTypes_GovernsEach()
    {
        await using var host = GovernedHost.Create(services => services
            .AddScoped<IRepositoryTools<int>, Repository<int>>()
            .AddScoped<IRepositoryTools<string>, Repository<string>>()
            .AddGovernedTools<IRepositoryTools<int>>(o => o.ToolNameSelector = _ => "find_number")
            .AddGovernedTools<IRepositoryTools<string>>());
        using var scope = host.Services.CreateScope();

        Assert.That(scope.ServiceProvider.GetRequiredService<IRepositoryTools<int>>().Find(1), Is.EqualTo("Int32 1"));
        Assert.That(scope.ServiceProvider.GetRequiredService<IRepositoryTools<string>>().Find("a"), Is.EqualTo("String a"));
        Assert.That(host.Enforcer.Requests.Select(request => request.ToolName), Is.EqualTo(["find_number", "find"]));
    }

    [Test]
    public void AddGovernedTools_OpenRegistrationPicked_IsRefusedWithTheWayOut() => Assert.That(
        () => new ServiceCollection()
            .AddScoped(typeof(IRepositoryTools<>), typeof(Repository<>))
            .AddGovernedTools(type => type.Name.Contains("Tools")),
        Throws.InvalidOperationException.With.Message.EqualTo(
            $"'{typeof(IRepositoryTools<>)}' cannot be governed: it is an open generic type, and a proxy can only implement a closed one; " +
            "register and govern each closed type that is used."));

    [Test]
    public void AddGovernedTools_OpenRegistrationBesideTheClosedOne_IsRefusedAndChangesNothing([Values] bool keyed)
    {
        var services = new ServiceCollection().AddScoped<IRepositoryTools<int>, Repository<int>>();
        services.Insert(0, keyed
            ? ServiceDescriptor.KeyedScoped(typeof(IRepositoryTools<>), "a", typeof(Repository<>))
            : ServiceDescriptor.Scoped(typeof(IRepositoryTools<>), typeof(Repository<>)));
        var closed = services[1];

        Assert.That(() => services.AddGovernedTools<IRepositoryTools<int>>(), Throws.InvalidOperationException.With.Message.EqualTo(
            $"'{typeof(IRepositoryTools<int>)}' cannot be governed: '{typeof(IRepositoryTools<>)}' is registered as an open generic type, " +
            "which would give an ungoverned service of it as well; register and govern each closed type that is used instead."));
        Assert.That(services, Does.Contain(closed));
    }

    private sealed class Repository<T> : IRepositoryTools<T>
    {
        public string Find(T id) => $"{typeof(T).Name} {id}";
    }
}
