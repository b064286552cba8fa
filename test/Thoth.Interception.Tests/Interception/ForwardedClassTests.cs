using Castle.DynamicProxy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

/// <summary>A class that is registered by a factory, which casts the governed service to it, and that the application allows.</summary>
public class ForwardedClassTests
{
    private const string Reason = "migrations need the class";

    [TestCase(true)]
    [TestCase(false)]
    public async Task DbContext_RegisteredByInterface_IsResolvedByBoth(bool pooled)
    {
        void Use(DbContextOptionsBuilder options) => options.UseInMemoryDatabase(nameof(ForwardedClassTests));
        await using var host = GovernedHost.Create(services => (pooled
            ? services.AddDbContextPool<IShop, Shop>(Use)
            : services.AddDbContext<IShop, Shop>(Use)).AddGovernedTools<IShop>(options => options.AllowUngoverned(typeof(Shop), Reason)));
        await using var scope = host.Services.CreateAsyncScope();

        var (shop, tools) = (scope.ServiceProvider.GetRequiredService<Shop>(), scope.ServiceProvider.GetRequiredService<IShop>());

        Assert.That(TargetOf(tools), Is.SameAs(shop));
        Assert.That(await tools.CountOrdersAsync(), Is.Zero);
        Assert.That(host.Enforcer.LastRequest.ToolName, Is.EqualTo("count_orders"));
        Assert.That(scope.ServiceProvider.GetRequiredService<Shop>(), Is.SameAs(shop));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Allowed_WhateverTheOrderOfTheCalls_IsTheServiceBehindTheProxy(bool allowedFirst)
    {
        await using var host = GovernedHost.Create(services =>
        {
            services.AddSingleton<IOther, Other>().AddSingleton<IMail, Mail>().AddSingleton(p => (Mail)p.GetRequiredService<IMail>());
            void Allow(GovernedToolsOptions options) => options.AllowUngoverned(typeof(Mail), Reason);
            services.AddGovernedTools<IMail>(allowedFirst ? Allow : null).AddGovernedTools<IOther>(allowedFirst ? null : Allow);
        });

        Assert.That(host.Get<Mail>(), Is.SameAs(TargetOf(host.Get<IMail>())));
    }

    [Test]
    public async Task Allowed_ByKeyByAllServicesOrByAnotherInterface_IsTheServiceBehindTheProxy()
    {
        await using var host = GovernedHost.Create(services => services
            .AddSingleton<IMail, Mail>()
            .AddKeyedSingleton<IMail, Mail>("a")
            .AddKeyedSingleton("a", (p, key) => (Mail)p.GetRequiredKeyedService<IMail>(key))
            .AddSingleton(p => p.GetServices<IMail>().OfType<Mail>().Single())
            .AddSingleton(p => (IAudit)p.GetService<IMail>()!)
            .AddGovernedTools<IMail>(options =>
            {
                options.AllowUngoverned(typeof(Mail), Reason);
                options.AllowUngoverned(typeof(IAudit), Reason);
            }));

        Assert.Multiple(() =>
        {
            Assert.That(host.Get<Mail>(), Is.SameAs(TargetOf(host.Get<IMail>())));
            Assert.That(host.Get<IAudit>(), Is.SameAs(host.Get<Mail>()));
            Assert.That(
                host.Services.GetRequiredKeyedService<Mail>("a"), Is.SameAs(TargetOf(host.Services.GetRequiredKeyedService<IMail>("a"))).And.Not.SameAs(host.Get<Mail>()));
        });
    }

    [Test]
    public async Task Allowed_AFactoryThatUsesTheTools_StillGetsTheProxy()
    {
        await using var host = GovernedHost.Create(services => services
            .AddSingleton<IMail, Mail>()
            .AddSingleton(p => new Newsletter(p.GetRequiredService<IMail>()))
            .AddSingleton<IBase>(p => p.GetRequiredService<IMail>())
            .AddGovernedTools<IMail>(options =>
            {
                options.AllowUngoverned(typeof(Newsletter), Reason);
                options.AllowUngoverned(typeof(IBase), Reason);
            }));

        Assert.That(host.Get<Newsletter>().Mail, Is.InstanceOf<IProxyTargetAccessor>());
        Assert.That(host.Get<IBase>(), Is.InstanceOf<IProxyTargetAccessor>());
    }

    [Test]
    public void NotAllowed_TheApplicationDoesNotStart() => Assert.That(
        async () =>
        {
            await using var host = GovernedHost.Create(services => services
                .AddSingleton<IMail, Mail>().AddSingleton(p => (Mail)p.GetRequiredService<IMail>()).AddGovernedTools<IMail>());
            host.Get<Mail>();
        },
        Throws.TypeOf<ToolCoverageException>().With.Message.Contain("AllowUngoverned(typeof(ForwardedClassTests.Mail)"));

    private static object? TargetOf(object proxy) => ((IProxyTargetAccessor)proxy).DynProxyGetTarget();

    public interface IShop
    {
        Task<int> CountOrdersAsync();
    }

    public class Order
    {
        public int Id { get; set; }
    }

    public class Shop(DbContextOptions<Shop> options) : DbContext(options), IShop
    {
        public DbSet<Order> Orders => Set<Order>();

        public Task<int> CountOrdersAsync() => Orders.CountAsync();
    }

    public interface IBase
    {
        void Ping();
    }

    public interface IMail : IBase
    {
        void Send();
    }

    public interface IAudit
    {
        void Read();
    }

    public interface IOther
    {
        void Other();
    }

    public sealed class Other : IOther
    {
        void IOther.Other()
        {
        }
    }

    public sealed class Mail : IMail, IAudit
    {
        public void Ping()
        {
        }

        public void Send()
        {
        }

        public void Read()
        {
        }
    }

    public sealed class Newsletter(IMail mail)
    {
        public IMail Mail => mail;
    }
}
