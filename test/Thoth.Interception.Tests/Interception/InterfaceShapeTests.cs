using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

public class InterfaceShapeTests
{
    public interface IReadTools
    {
        string Read(string path);
    }

    public interface IWriteTools : IReadTools
    {
        string Write(string path);
    }

    public interface ILeftTools : IReadTools
    {
        string Left();
    }

    public interface IDiamondTools : ILeftTools, IWriteTools;

    public interface IStoreTools<TItem>
    {
        TItem Put(TItem item);

        Task<IReadOnlyList<TItem>> FindAsync(Func<TItem, bool>? filter, TItem example);
    }

    public interface INumberTools : IStoreTools<int>;

    public interface IDefaultTools
    {
        string Greet(string name);

        string GreetTwice(string name) => Greet(name) + Greet(name);

        sealed string GreetLoudly(string name) => Greet(name).ToUpperInvariant();

        private string Secret() => "secret";

        sealed string Reveal() => Secret();

        static string Kind() => "default";

        static virtual string Sort() => "default";
    }

    public interface IOverridingTools : IReadTools
    {
        string IReadTools.Read(string path) => $"default {path}";
    }

    public interface IOverloadedTools
    {
        string Find(string text);

        [GovernedTool("find_by_number")]
        string Find(int number);
    }

    [Test]
    public async Task Call_InheritedAndDiamondMembers_AreGovernedOnce()
    {
        await using var host = GovernedHost.For<IDiamondTools>(new Files());
        var tools = host.Get<IDiamondTools>();

        var results = (tools.Left(), tools.Write("w"), ((IReadTools)tools).Read("r"), ((ILeftTools)tools).Read("l"));

        Assert.That(results, Is.EqualTo(("left", "write w", "read r", "read l")));
        Assert.That(ToolsAsked(host), Is.EqualTo(["left", "write", "read", "read"]));
        Assert.That(await host.EventNamesAsync(), Has.Exactly(4).EqualTo("ToolCallPost/Post"));
    }

    [Test]
    public async Task Call_ExplicitlyImplementedMember_IsGoverned()
    {
        await using var host = GovernedHost.For<IWriteTools>(new Explicit());

        Assert.That(host.Get<IWriteTools>().Read("x"), Is.EqualTo("explicit x"));
        Assert.That(ToolsAsked(host), Is.EqualTo(["read"]));
    }

    [Test]
    public async Task Call_GenericInterface_IsGovernedWithItsTypes()
    {
        await using var host = GovernedHost.For<IStoreTools<Guid>>(new Store<Guid>());

        var id = host.Get<IStoreTools<Guid>>().Put(Guid.Empty);
        var found = await host.Get<IStoreTools<Guid>>().FindAsync(null, id);

        Assert.That(found, Is.EqualTo(new[] { Guid.Empty }));
        Assert.That(host.LastArguments, Is.EqualTo("""{"filter":null,"example":"00000000-0000-0000-0000-000000000000"}"""));
        Assert.That(ToolsAsked(host), Is.EqualTo(["put", "find"]));
    }

    [Test]
    public async Task Call_InterfaceThatClosesAGenericOne_IsGoverned()
    {
        await using var host = GovernedHost.For<INumberTools>(new Numbers());

        Assert.That(host.Get<INumberTools>().Put(4), Is.EqualTo(4));
        Assert.That(host.LastArguments, Is.EqualTo("""{"item":4}"""));
    }

    [Test]
    public async Task Call_DefaultMember_IsGovernedOnceAndCallsTheImplementationItself()
    {
        await using var host = GovernedHost.For<IDefaultTools>(new Greeter());

        Assert.That(host.Get<IDefaultTools>().GreetTwice("a"), Is.EqualTo("hi ahi a"));
        Assert.That(ToolsAsked(host), Is.EqualTo(["greet_twice"]));
    }

    [Test]
    public async Task Call_SealedDefaultMember_RunsOnTheProxyAndWhatItCallsIsGoverned()
    {
        await using var host = GovernedHost.For<IDefaultTools>(new Greeter());

        Assert.That(host.Get<IDefaultTools>().GreetLoudly("a"), Is.EqualTo("HI A"));
        Assert.That(host.Get<IDefaultTools>().Reveal(), Is.EqualTo("secret"));
        Assert.That(ToolsAsked(host), Is.EqualTo(["greet"]));
    }

    [Test]
    public async Task Call_MemberImplementedByADerivedInterface_IsGovernedOnce()
    {
        await using var host = GovernedHost.For<IOverridingTools>(new Overriding());

        Assert.That(host.Get<IOverridingTools>().Read("x"), Is.EqualTo("default x"));
        Assert.That(ToolsAsked(host), Is.EqualTo(["read"]));
    }

    [Test]
    public async Task Call_OverloadsWithNamesOfTheirOwn_AreGovernedEach()
    {
        await using var host = GovernedHost.For<IOverloadedTools>(new Overloaded());

        Assert.That((host.Get<IOverloadedTools>().Find("a"), host.Get<IOverloadedTools>().Find(1)), Is.EqualTo(("text", "number")));
        Assert.That(ToolsAsked(host), Is.EqualTo(["find", "find_by_number"]));
    }

    [Test]
    public async Task Call_TestDoubleAsImplementation_IsGoverned()
    {
        var tools = Substitute.For<IReadTools>();
        await using var host = GovernedHost.For(tools);

        host.Get<IReadTools>().Read("x");

        tools.Received(1).Read("x");
        Assert.That(ToolsAsked(host), Is.EqualTo(["read"]));
    }

    [Test]
    public async Task Call_ToolThatCallsAnotherToolThroughInjection_GovernsBoth()
    {
        await using var host = GovernedHost.Create(services => services
            .AddGovernedTools<IReadTools, Files>(ServiceLifetime.Singleton)
            .AddGovernedTools<IStoreTools<string>, ReadingStore>(ServiceLifetime.Singleton));

        Assert.That(host.Get<IStoreTools<string>>().Put("x"), Is.EqualTo("read x"));

        Assert.That(ToolsAsked(host), Is.EqualTo(["put", "read"]));
        Assert.That((await host.EventsAsync()).Select(e => $"{e.ToolName} {e.Phase}"), Is.EqualTo(["put Pre", "read Pre", "read Post", "put Post"]));
        Assert.That(host.Enforcer.LastRequest.SessionToolCalls, Is.EqualTo(["put", "read"]));
    }

    private static string[] ToolsAsked(GovernedHost host) => [.. host.Enforcer.Requests.Select(request => request.ToolName)];

    private sealed class Files : IDiamondTools
    {
        public string Read(string path) => $"read {path}";

        public string Left() => "left";

        public string Write(string path) => $"write {path}";
    }

    private sealed class Explicit : IWriteTools
    {
        string IReadTools.Read(string path) => $"explicit {path}";

        string IWriteTools.Write(string path) => "";
    }

    private class Store<TItem> : IStoreTools<TItem>
    {
        public TItem Put(TItem item) => item;

        public Task<IReadOnlyList<TItem>> FindAsync(Func<TItem, bool>? filter, TItem example) =>
            Task.FromResult<IReadOnlyList<TItem>>([example]);
    }

    private sealed class Numbers : Store<int>, INumberTools;

    private sealed class ReadingStore(IReadTools files) : IStoreTools<string>
    {
        public string Put(string item) => files.Read(item);

        public Task<IReadOnlyList<string>> FindAsync(Func<string, bool>? filter, string example) =>
            throw new NotSupportedException();
    }

    private sealed class Greeter : IDefaultTools
    {
        public string Greet(string name) => $"hi {name}";
    }

    private sealed class Overriding : IOverridingTools;

    private sealed class Overloaded : IOverloadedTools
    {
        public string Find(string text) => "text";

        public string Find(int number) => "number";
    }
}
