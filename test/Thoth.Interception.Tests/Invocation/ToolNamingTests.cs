using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using Thoth.Interception.Invocation;
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

    public interface IOverloadedTools
    {
        void Find(string text);

        void Find(int number);
    }

    public interface IStoreTools<T>
    {
        void Put(T item);
    }

    [TestCase("SearchDocsAsync", "search_docs")]
    [TestCase("SearchDocs", "search_docs")]
    [TestCase("ReadPDFFile", "read_pdf_file")]
    [TestCase("ReadPDF", "read_pdf")]
    [TestCase("getX", "get_x")]
    [TestCase("GetXAsync", "get_x")]
    [TestCase("Async", "async")]
    [TestCase("AsyncAsync", "async")]
    [TestCase("Asynchronous", "asynchronous")]
    [TestCase("Runasync", "runasync")]
    [TestCase("A", "a")]
    [TestCase("AB", "ab")]
    [TestCase("ABc", "a_bc")]
    [TestCase("HTTPGet", "http_get")]
    [TestCase("GetHTTP2Stream", "get_http2_stream")]
    [TestCase("Get2Docs", "get2_docs")]
    [TestCase("GetV2", "get_v2")]
    [TestCase("Read_Docs", "read_docs")]
    [TestCase("read_docs", "read_docs")]
    [TestCase("_Read", "_read")]
    [TestCase("Read__Docs_", "read__docs_")]
    [TestCase("ÄndereÖl", "ändere_öl")]
    public void ToSnakeCase_MethodName_IsTheToolName(string method, string tool) =>
        Assert.That(ToolNaming.ToSnakeCase(method), Is.EqualTo(tool));

    [Test]
    public async Task NameOf_AttributeThenOptionThenMethod_Wins()
    {
        await using var host = GovernedHost.For(
            Substitute.For<INamedTools>(),
            govern: o => o.ToolName = method => method.Name == "MarkedOnlyAsync" ? null : $"own.{method.Name}");
        var tools = host.Get<INamedTools>();

        tools.Plain();
        tools.Named();
        tools.MarkedOnlyAsync();

        Assert.That(host.Enforcer.Requests.Select(request => request.ToolName), Is.EqualTo(["own.Plain", "spaced_name", "marked_only"]));
    }

    [Test]
    public void AddGovernedTools_TwoInterfacesWithOneToolName_Throws()
    {
        var services = Registered<IFirstTools, ISecondTools>().AddGovernedTools<IFirstTools>();

        Assert.That(() => services.AddGovernedTools<ISecondTools>(), Throws.InvalidOperationException.With.Message.EqualTo(
            $"'{typeof(ISecondTools)}.SearchAsync' cannot be governed: its tool name 'search' is that of '{typeof(IFirstTools)}.Search'; " +
            "give one of them another with [GovernedTool(\"name\")] or GovernedToolsOptions.ToolName."));
    }

    [Test]
    public void AddGovernedTools_OverloadsWithOneToolName_Throws() =>
        Assert.That(() => Registered<IOverloadedTools, IFirstTools>().AddGovernedTools<IOverloadedTools>(),
            Throws.InvalidOperationException.With.Message.EqualTo(
                $"'{typeof(IOverloadedTools)}.Find' cannot be governed: its tool name 'find' is that of '{typeof(IOverloadedTools)}.Find'; " +
                "give one of them another with [GovernedTool(\"name\")] or GovernedToolsOptions.ToolName."));

    [Test]
    public void AddGovernedTools_TwoClosingsOfOneInterface_NeedAndTakeNamesFromTheOptions()
    {
        var services = Registered<IStoreTools<int>, IStoreTools<string>>().AddGovernedTools<IStoreTools<int>>();

        Assert.That(() => services.AddGovernedTools<IStoreTools<string>>(), Throws.InvalidOperationException);
        Assert.That(() => services.AddGovernedTools<IStoreTools<string>>(o => o.ToolName = _ => "put_text"), Throws.Nothing);
    }

    [Test]
    public void AddGovernedTools_AfterAClash_HasClaimedNoNames()
    {
        var services = Registered<INamedTools, IFirstTools>();
        services.AddSingleton(Substitute.For<IOverloadedTools>());
        services.AddGovernedTools<IFirstTools>();

        Assert.That(() => services.AddGovernedTools<INamedTools>(o => o.ToolName = NameLikeTheTakenOne), Throws.InvalidOperationException);

        services.AddGovernedTools<IOverloadedTools>(o => o.ToolName = method => method.GetParameters()[0].Name == "text" ? "spaced_name" : "marked_only");
        Assert.That(services.Count(d => d.ServiceType == typeof(IOverloadedTools) && !d.IsKeyedService), Is.EqualTo(1));

        static string? NameLikeTheTakenOne(MethodInfo method) => method.Name == "Plain" ? "search" : null;
    }

    private static IServiceCollection Registered<T1, T2>()
        where T1 : class
        where T2 : class =>
        new ServiceCollection().AddSingleton(Substitute.For<T1>()).AddSingleton(Substitute.For<T2>());
}
