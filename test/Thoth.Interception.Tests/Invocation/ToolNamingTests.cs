using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Invocation;

public class ToolNamingTests
{
    public interface INamedTools
    {
        void Plain();

        [GovernedTool(" spaced_name ")]
        void Named();

        [GovernedTool]
        void MarkedOnlyAsync();
    }

    public interface IFirstTools
    {
        void Search(string text);
    }

    public interface ISecondTools
    {
        void SearchAsync(string text);
    }

    public interface INamedLikeTheFirst
    {
        [GovernedTool("search")]
        void Run();
    }

    public interface IOverloadedTools
    {
        void Find(string text);

        [GovernedTool(Action = ToolAction.Write)]
        void Find([Sensitive] int number);

        Task FindAsync(string text);

        [GovernedTool("find_by_date")]
        void Find(DateOnly date);
    }

    public interface ISameNameTools
    {
        void Find();

        [GovernedTool("find")]
        void Search();
    }

    public interface IStoreTools<T>
    {
        void Put(T item);
    }

    public interface IConsumerTools<in T>
    {
        void Consume(T item);
    }

    public interface IReadTools
    {
        void Read(string path);
    }

    public interface ILeftTools : IReadTools;

    public interface IOtherTools : IReadTools;

    public interface IRightTools : IReadTools
    {
        void Read(int number);
    }

    public interface IFileStore
    {
        void Delete(int id);
    }

    public interface ICustomerStore
    {
        void Delete(int id);
    }

    public interface IFilesAndCustomers : IFileStore, ICustomerStore;

    public interface IBothTools : ILeftTools, IRightTools;

    public interface IHidingTools : IReadTools
    {
        new void Read(string path);
    }

    [Test]
    public async Task Name_AttributeThenSelectorThenMethod_Wins([Values] ToolNaming naming)
    {
        await using var host = GovernedHost.For(Substitute.For<INamedTools>(), govern: o =>
        {
            o.Naming = naming;
            o.ToolNameSelector = method => method.Name == "MarkedOnlyAsync" ? null : $"own-{method.Name}";
        });
        var tools = host.Get<INamedTools>();

        tools.Plain();
        tools.Named();
        tools.MarkedOnlyAsync();

        var derived = naming == ToolNaming.Method ? "marked_only" : "named_tools__marked_only";
        Assert.That(ToolsAsked(host), Is.EqualTo(["own-Plain", "spaced_name", derived]));
    }

    [Test]
    public async Task Name_OfEachForm_HasItsDefault()
    {
        await using var typed = GovernedHost.Create(s => s.AddSingleton(Substitute.For<IFirstTools>()).AddGovernedTools<IFirstTools>());
        await using var picked = GovernedHost.Create(s => s.AddSingleton(Substitute.For<IFirstTools>()).AddGovernedTools(t => t == typeof(IFirstTools)));
        await using var changed = GovernedHost.Create(s => s.AddSingleton(Substitute.For<IFirstTools>())
            .AddGovernedTools(t => t == typeof(IFirstTools), o => o.Naming = ToolNaming.Method));

        foreach (var host in (GovernedHost[])[typed, picked, changed])
        {
            host.Get<IFirstTools>().Search("x");
        }

        Assert.That(ToolsAsked(typed).Concat(ToolsAsked(picked)).Concat(ToolsAsked(changed)), Is.EqualTo(["search", "first_tools__search", "search"]));
    }

    [Test]
    public async Task Name_OfAGovernedCall_IsTheSameEverywhere()
    {
        await using var host = GovernedHost.Create(s => s.AddSingleton(Substitute.For<IStoreTools<int>>()).AddGovernedTools(t => t.IsGenericType && t.Name.Contains("Store")));
        const string Name = "store_tools_of_int32__put";

        host.Get<IStoreTools<int>>().Put(1);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
        var refusal = Assert.Throws<PolicyViolationException>(() => host.Get<IStoreTools<int>>().Put(2));

        Assert.That(ToolsAsked(host), Is.All.EqualTo(Name));
        Assert.That((await host.EventsAsync()).Select(e => e.ToolName), Is.All.EqualTo(Name));
        Assert.That(host.Enforcer.LastRequest.SessionToolCalls, Is.EqualTo([Name, Name]));
        Assert.That((refusal!.ToolName, host.Get<IToolCatalog>().Tools.Single().Name), Is.EqualTo((Name, Name)));
        Assert.That(refusal.Message, Does.Contain(Name));
    }

    [Test]
    public void Naming_UnknownValue_Throws() =>
        Assert.That(() => new GovernedToolsOptions().Naming = (ToolNaming)2, Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public async Task Overloads_OfOneInterface_ShareOneTool()
    {
        await using var host = GovernedHost.For(Substitute.For<IOverloadedTools>());
        var tools = host.Get<IOverloadedTools>();

        tools.Find("a");
        tools.Find(1);
        await tools.FindAsync("b");
        tools.Find(default(DateOnly));

        Assert.That(ToolsAsked(host), Is.EqualTo(["find", "find", "find", "find_by_date"]));
        Assert.That(
            host.Enforcer.Requests.Select(request => request.Action),
            Is.EqualTo([ToolAction.Unspecified, ToolAction.Write, ToolAction.Unspecified, ToolAction.Unspecified]));
        Assert.That(
            host.Get<IToolCatalog>().Tools.Select(tool => (tool.Name, tool.Action, tool.Parameters[0].Name, tool.Parameters[0].IsMasked)),
            Is.EqualTo(new[]
            {
                ("find", ToolAction.Unspecified, "text", false), ("find", ToolAction.Write, "number", true),
                ("find", ToolAction.Unspecified, "text", false), ("find_by_date", ToolAction.Unspecified, "date", false),
            }));
    }

    [Test]
    public void AddGovernedTools_MembersOfOneInterfaceWithOneName_Throws() =>
        Assert.That(() => Registered<ISameNameTools, IFirstTools>().AddGovernedTools<ISameNameTools>(), Throws.InvalidOperationException.With.Message.EqualTo(
            $"'{typeof(ISameNameTools)}.Search' cannot be governed: its tool name 'find' is that of '{typeof(ISameNameTools)}.Find'; " +
            "give one of them another name with [GovernedTool(\"name\")] or options.ToolNameSelector."));

    [Test]
    public void AddGovernedTools_TwoInterfacesWithOneToolName_NamesTheOptionThatEndsIt()
    {
        var services = Registered<IFirstTools, ISecondTools>().AddGovernedTools<IFirstTools>();

        Assert.That(() => services.AddGovernedTools<ISecondTools>(), Throws.InvalidOperationException.With.Message.EqualTo(
            $"'{typeof(ISecondTools)}.SearchAsync' cannot be governed: its tool name 'search' is that of '{typeof(IFirstTools)}.Search'; " +
            "set options.Naming = ToolNaming.InterfaceAndMethod in AddGovernedTools<ToolNamingTests.ISecondTools>, " +
            "or give one of them another name with [GovernedTool(\"name\")]."));
        Assert.That(() => services.AddGovernedTools<ISecondTools>(o => o.Naming = ToolNaming.InterfaceAndMethod), Throws.Nothing);
    }

    [Test]
    public void AddGovernedTools_ExplicitNameOfAnotherInterface_NamesTheOptionOfTheOneNamedByMethod()
    {
        var services = Registered<IFirstTools, INamedLikeTheFirst>().AddGovernedTools<IFirstTools>();

        Assert.That(
            () => services.AddGovernedTools<INamedLikeTheFirst>(o => o.Naming = ToolNaming.InterfaceAndMethod),
            Throws.InvalidOperationException.With.Message.EndsWith(
                "; set options.Naming = ToolNaming.InterfaceAndMethod in AddGovernedTools<ToolNamingTests.IFirstTools>, " +
                "or give one of them another name with [GovernedTool(\"name\")]."));
    }

    [Test]
    public void AddGovernedTools_TwoInterfacesWithOneToolNameOnBothWays_NamesTheAttributeAndTheSelector()
    {
        var services = Registered<INamedLikeTheFirst, IFirstTools>().AddGovernedTools<INamedLikeTheFirst>();

        Assert.That(
            () => services.AddGovernedTools<IFirstTools>(o => o.ToolNameSelector = _ => "search"),
            Throws.InvalidOperationException.With.Message.EndsWith(
                $"is that of '{typeof(INamedLikeTheFirst)}.Run'; " +
                "give one of them another name with [GovernedTool(\"name\")] or options.ToolNameSelector."));
    }

    [Test]
    public void AddGovernedTools_TwoClosingsOfOneInterface_NeedAndTakeNamesFromTheOptions()
    {
        var services = Registered<IStoreTools<int>, IStoreTools<string>>().AddGovernedTools<IStoreTools<int>>();

        Assert.That(() => services.AddGovernedTools<IStoreTools<string>>(), Throws.InvalidOperationException);
        Assert.That(() => services.AddGovernedTools<IStoreTools<string>>(o => o.ToolNameSelector = _ => "put_text"), Throws.Nothing);
    }

    [Test]
    public void AddGovernedTools_TwoClosingsPicked_HaveTheirOwnNames() =>
        Assert.That(() => Registered<IStoreTools<int>, IStoreTools<string>>().AddGovernedTools(t => t.Name.Contains("Store")), Throws.Nothing);

    [Test]
    public void AddGovernedTools_ClosingsThatVarianceConverts_AreNotOneTool()
    {
        var services = Registered<IConsumerTools<object>, IConsumerTools<string>>().AddGovernedTools<IConsumerTools<object>>();

        Assert.That(() => services.AddGovernedTools<IConsumerTools<string>>(), Throws.InvalidOperationException);
    }

    [Test]
    public async Task Inherited_ByTwoGovernedInterfaces_HasOneNameOrEachInterfacesOwn([Values] ToolNaming naming)
    {
        await using var host = GovernedHost.Create(services => services
            .AddSingleton(Substitute.For<ILeftTools>()).AddSingleton(Substitute.For<IOtherTools>()).AddSingleton(Substitute.For<IReadTools>())
            .AddGovernedTools<ILeftTools>(o => o.Naming = naming)
            .AddGovernedTools<IOtherTools>(o => o.Naming = naming)
            .AddGovernedTools<IReadTools>(o => o.Naming = naming));

        host.Get<ILeftTools>().Read("x");
        host.Get<IOtherTools>().Read("x");
        host.Get<IReadTools>().Read("x");

        Assert.That(ToolsAsked(host), Is.EqualTo(naming == ToolNaming.Method
            ? ["read", "read", "read"]
            : new[] { "left_tools__read", "other_tools__read", "read_tools__read" }));
    }

    [Test]
    public async Task Hidden_MemberOfABaseInterface_SharesTheToolOfTheOneThatHidesIt()
    {
        await using var host = GovernedHost.Create(services => services
            .AddSingleton(Substitute.For<IReadTools>()).AddSingleton(Substitute.For<IHidingTools>())
            .AddGovernedTools<IReadTools>().AddGovernedTools<IHidingTools>());

        host.Get<IHidingTools>().Read("x");
        ((IReadTools)host.Get<IHidingTools>()).Read("x");

        Assert.That(ToolsAsked(host), Is.EqualTo(["read", "read"]));
    }

    [Test]
    public void AddGovernedTools_DerivedInterfaceThatAddsAnOverload_SharesTheToolInEitherOrder([Values] bool derivedFirst)
    {
        var services = Registered<IBothTools, IReadTools>();

        Assert.That(
            () => derivedFirst
                ? services.AddGovernedTools<IBothTools>().AddGovernedTools<IReadTools>()
                : services.AddGovernedTools<IReadTools>().AddGovernedTools<IBothTools>(),
            Throws.Nothing);
    }

    [Test]
    public void AddGovernedTools_OverloadThatAnUnrelatedInterfaceDoesNotHave_ThrowsInEitherOrder([Values] bool leftFirst)
    {
        var services = Registered<ILeftTools, IRightTools>();

        Assert.That(
            () => leftFirst
                ? services.AddGovernedTools<ILeftTools>().AddGovernedTools<IRightTools>()
                : services.AddGovernedTools<IRightTools>().AddGovernedTools<ILeftTools>(),
            Throws.InvalidOperationException);
    }

    [Test]
    public void AddGovernedTools_LaterRegistrationOfAGovernedInterface_KeepsTheNamesOfTheFirst([Values] bool predicateFirst)
    {
        var services = new ServiceCollection();
        services.AddSingleton(Substitute.For<IOverloadedTools>());
        if (predicateFirst)
        {
            services.AddGovernedTools(type => type == typeof(IOverloadedTools));
        }
        else
        {
            services.AddGovernedTools<IOverloadedTools>();
        }

        services.AddKeyedSingleton("later", Substitute.For<IOverloadedTools>());
        if (predicateFirst)
        {
            services.AddGovernedTools<IOverloadedTools>();
        }
        else
        {
            services.AddGovernedTools(type => type == typeof(IOverloadedTools));
        }

        using var provider = services.BuildServiceProvider();
        var tools = provider.GetRequiredService<IToolCatalog>().Tools;
        var later = tools.Where(tool => tool.ServiceKey is not null).Select(tool => tool.Name);
        Assert.That(later, Is.Not.Empty.And.EquivalentTo(tools.Where(tool => tool.ServiceKey is null).Select(tool => tool.Name)));
        Assert.That(later.Any(name => name.StartsWith("overloaded_tools__", StringComparison.Ordinal)), Is.EqualTo(predicateFirst));
    }

    [Test]
    public void AddGovernedTools_MethodsOfTwoUnrelatedBaseInterfaces_AreNotOneTool()
    {
        var services = new ServiceCollection();
        services.AddSingleton(Substitute.For<IFilesAndCustomers>());

        Assert.That(
            () => services.AddGovernedTools<IFilesAndCustomers>(),
            Throws.InvalidOperationException.With.Message.Contains("[GovernedTool(\"name\")]"));
    }

    [Test]
    public void AddGovernedTools_AfterAClash_HasClaimedNoNames()
    {
        var services = Registered<INamedTools, IFirstTools>();
        services.AddSingleton(Substitute.For<IOverloadedTools>());
        services.AddGovernedTools<IFirstTools>();

        Assert.That(() => services.AddGovernedTools<INamedTools>(o => o.ToolNameSelector = NameLikeTheTakenOne), Throws.InvalidOperationException);

        services.AddGovernedTools<IOverloadedTools>(o => o.ToolNameSelector = method => method.GetParameters()[0].Name == "text" ? "spaced_name" : "marked_only");
        Assert.That(services.Count(d => d.ServiceType == typeof(IOverloadedTools) && !d.IsKeyedService), Is.EqualTo(1));

        static string? NameLikeTheTakenOne(MethodInfo method) => method.Name == "Plain" ? "search" : null;
    }

    private static string[] ToolsAsked(GovernedHost host) => [.. host.Enforcer.Requests.Select(request => request.ToolName)];

    private static IServiceCollection Registered<T1, T2>()
        where T1 : class
        where T2 : class =>
        new ServiceCollection().AddSingleton(Substitute.For<T1>()).AddSingleton(Substitute.For<T2>());
}
