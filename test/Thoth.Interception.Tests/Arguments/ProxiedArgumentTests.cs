using Castle.DynamicProxy;
using Microsoft.EntityFrameworkCore;
using Thoth.Interception.Arguments;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments;

/// <summary>A proxy that stands for an object of the application is shown as that object, or refused.</summary>
public class ProxiedArgumentTests
{
    private static readonly ProxyGenerator s_proxies = new();

    [Test]
    public async Task Call_EntityThatLoadsLazily_IsShownByTheMembersOfItsClass([Values] bool asObject)
    {
        await using (var database = Shop.Open())
        {
            database.Add(new Customer { Name = "Ada", Orders = [new Order { Total = 9 }] });
            await database.SaveChangesAsync();
        }

        await using var shop = Shop.Open();
        await using var host = WrappedTools.Host();
        var customer = await shop.Set<Customer>().SingleAsync();
        Assert.That(customer.GetType(), Is.Not.EqualTo(typeof(Customer)));

        var received = asObject ? host.Wrap((object value) => value)(customer) : host.Wrap((Customer value) => value)(customer);

        Assert.That(received, Is.SameAs(customer));
        Assert.That(host.LastArguments, Is.EqualTo("""{"value":{"Name":"Ada","Orders":[{"Total":9,"Id":1}],"Id":1}}"""));
        await shop.Database.EnsureDeletedAsync();
    }

    [Test]
    public async Task Call_EntityOfAClosedContext_IsBlocked()
    {
        Customer customer;
        await using (var database = Shop.Open())
        {
            database.Add(new Customer { Name = "Ada", Orders = [new Order { Total = 9 }] });
            await database.SaveChangesAsync();
        }

        await using (var shop = Shop.Open())
        {
            customer = await shop.Set<Customer>().SingleAsync();
            await shop.Database.EnsureDeletedAsync();
        }

        await using var host = WrappedTools.Host();

        var exception = Assert.Throws<PolicyViolationException>(() => host.Wrap((Customer value) => { })(customer));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsNotSerializable));
        Assert.That(exception.Message, Does.Contain("'value.Orders'"));
    }

    [Test]
    public void Write_ProxyOfAClass_IsItsPublicMembersWhereverItStands()
    {
        var order = s_proxies.CreateClassProxy<Order>(new StandardInterceptor());
        order.Total = 9;
        const string Shown = """{"Total":9,"Id":0}""";

        using (Assert.EnterMultipleScope())
        {
            Assert.That(WrappedTools.Shown(order), Is.EqualTo(Shown));
            Assert.That(WrappedTools.Shown<object>(order), Is.EqualTo(Shown));
            Assert.That(WrappedTools.Shown<Entity>(order), Is.EqualTo(Shown));
            Assert.That(WrappedTools.Shown<List<Order>>([order]), Is.EqualTo($"[{Shown}]"));
            Assert.That(WrappedTools.Shown(new Dictionary<string, object> { ["a"] = order }), Is.EqualTo($$"""{"a":{{Shown}}}"""));
            Assert.That(WrappedTools.Shown(s_proxies.CreateClassProxy(typeof(Order), [typeof(IDisposable)], new StandardInterceptor())), Does.StartWith("{\"Total\":0"));
        }
    }

    [Test]
    public void Write_ProxyThatIsMoreThanItsClass_IsRefused()
    {
        var mixed = new ProxyGenerationOptions();
        mixed.AddMixinInstance(new Tagged());

        using (Assert.EnterMultipleScope())
        {
            Refused((Order)s_proxies.CreateClassProxy(typeof(Order), mixed, new StandardInterceptor()), "ITagged");
            Refused((Order)s_proxies.CreateClassProxy(typeof(Order), [typeof(ITagged)], new StandardInterceptor()), "ITagged");
            Refused<ITagged>(s_proxies.CreateInterfaceProxyWithTarget<ITagged>(new Tagged()), "a proxy of an interface");
            Refused<object>(s_proxies.CreateInterfaceProxyWithoutTarget<ITagged>(), "a proxy of an interface");
            Refused<List<int>>((List<int>)s_proxies.CreateClassProxy(typeof(List<int>), [typeof(ITagged)]), "Tag");
        }
    }

    [Test]
    public async Task Modify_MemberOfAProxy_IsBlocked() => await ModifyCase.IsBlocked(
        """{"value":{"Total":2,"Id":0}}""", got => (Order value) => got.Add(value), s_proxies.CreateClassProxy<Order>());

    [Test]
    public async Task Call_ProxyUnderCopy_IsBlocked()
    {
        await using var host = WrappedTools.Host();
        var tool = host.Wrap((Order value) => { }, new WrappedToolOptions { Arguments = ArgumentIsolation.Copy });

        var exception = Assert.Throws<PolicyViolationException>(() => tool(s_proxies.CreateClassProxy<Order>()));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsNotSerializable));
        Assert.That(exception.Message, Does.Contain("cannot be read back"));
    }

    private static void Refused<T>(T value, string why)
    {
        var parameters = new ToolParameters(((Action<T>)(static value => { })).Method.GetParameters(), ArgumentJson.Default);
        Assert.That(() => parameters.Serialize([value]), Throws.InstanceOf<ArgumentNotSerializableException>().With.Message.Contains(why), $"{typeof(T)}");
    }

    public interface ITagged
    {
        string Tag { get; }
    }

    public sealed class Tagged : ITagged
    {
        public string Tag => "tag";
    }

    public class Entity
    {
        public int Id { get; set; }
    }

    public class Customer : Entity
    {
        public string Name { get; set; } = "";

        public virtual ICollection<Order> Orders { get; set; } = [];
    }

    public class Order : Entity
    {
        public virtual int Total { get; set; }
    }

    private sealed class Shop(DbContextOptions<Shop> options) : DbContext(options)
    {
        public static Shop Open([System.Runtime.CompilerServices.CallerMemberName] string name = "") => new(new DbContextOptionsBuilder<Shop>().UseInMemoryDatabase(name).UseLazyLoadingProxies().Options);

        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Customer>();
    }
}
