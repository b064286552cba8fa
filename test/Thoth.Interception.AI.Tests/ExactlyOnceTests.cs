using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AI.Tests.Support;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests;

/// <summary>Whatever a function is made of, a call is one question, one first and one last event, and at most one run.</summary>
[TestFixture]
public class ExactlyOnceTests
{
    public enum Kind
    {
        InterfaceMethod,
        MethodGroup,
        GovernedFunctions,
        Lambda,
        WrappedTool,
        Plain,
        GovernedFunction,
        GovernedTwice,
    }

    [Test]
    public async Task Call_OfAnyKind_IsDecidedOnce(
        [Values] Kind kind, [Values] DecisionType decision, [Values] bool streaming, [Values] bool concurrent)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = request => decision switch
        {
            DecisionType.Block => TestEnforcer.Block("no"),
            DecisionType.Defer => TestEnforcer.Defer(TimeSpan.FromSeconds(30)),
            DecisionType.Modify => TestEnforcer.Modify("""{"order":"A-9","amount":3}"""),
            DecisionType.StepUp => host.Enforcer.Hold(),
            _ => TestEnforcer.Allow,
        };
        var function = Make(kind, host);
        var model = new ScriptedModel(Calls(Call("c1", function.Name, ("order", Json("\"A-1\"")), ("amount", Json("7")))));
        var client = host.Client(model, loop: loop => loop.AllowConcurrentInvocation = concurrent);
        using var session = host.Get<IThothSessions>().Start();
        var response = await client.AskAsync(streaming, [new(ChatRole.User, "Refund it.")], new() { Tools = [function] });

        var runs = decision is DecisionType.Allow or DecisionType.Modify ? 1 : 0;
        var events = (await host.EventsAsync()).Select(static e => e.Type).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1), "questions");
            Assert.That(host.Enforcer.Requests[0].ToolName, Is.EqualTo("refund"));
            Assert.That(Encoding.UTF8.GetString(host.Enforcer.Requests[0].Arguments.Span), Is.EqualTo("""{"order":"A-1","amount":7}"""));
            Assert.That(host.Tools.Runs, Has.Count.EqualTo(runs), "runs");
            Assert.That(events.Count(static type => type == BehavioralEventType.ToolCallPre), Is.EqualTo(1), "first events");
            Assert.That(
                events.Count(static type => type is BehavioralEventType.ToolCallPost or BehavioralEventType.ToolCallBlock),
                Is.EqualTo(decision == DecisionType.StepUp ? 0 : 1), "last events");
            Assert.That(response.Requests(), Has.Length.EqualTo(decision == DecisionType.StepUp ? 1 : 0));
            if (runs > 0)
            {
                Assert.That(host.Tools.Runs[0], Is.EqualTo(decision == DecisionType.Modify ? "refund A-9 3" : "refund A-1 7"));
            }
        }
    }

    [Test]
    public async Task NestedCalls_OfAFunction_AreDecidedOnTheirOwn([Values] bool streaming)
    {
        await using var host = new ShopHost();
        var function = AIFunctionFactory.Create(
            async (string order) => await host.Governed.ReadOrderAsync(order) + await host.Governed.RefundAsync(order, 1), "settle");
        var model = new ScriptedModel(Calls(Call("c1", "settle", ("order", "A-1"))));
        await host.Client(model).AskAsync(streaming, [new(ChatRole.User, "Settle it.")], new() { Tools = [function] });

        Assert.That(host.Enforcer.Requests.Select(static request => request.ToolName), Is.EqualTo(["settle", "read_order", "refund"]));
    }

    [Test]
    public async Task BodyOfTheTool_ThatCallsItself_IsDecidedAgain([Values] bool streaming)
    {
        await using var host = new ShopHost();
        var function = AIFunctionFactory.Create(
            async (string order, decimal amount) => await host.Governed.RefundAsync(order, amount) + await host.Governed.RefundAsync(order, amount), "refund");
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 7))));
        await host.Client(model).AskAsync(streaming, [new(ChatRole.User, "Refund it.")], new() { Tools = [function] });

        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
        Assert.That(host.Tools.Runs, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Stream_OfAGovernedInterface_IsDecidedOnce([Values] bool streaming)
    {
        await using var host = new ShopHost();
        var model = new ScriptedModel(Calls(Call("c1", "list_orders", ("limit", 3))));
        var response = await host.Client(model).AskAsync(streaming, [new(ChatRole.User, "List.")], new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] });

        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(host.Tools.Runs, Is.EqualTo(["list 3"]));
        Assert.That(response.Results().Single().Result?.ToString(), Does.Contain("A-3"));
    }

    /// <summary>Random JSON of arguments: what AIFunctionFactory runs was asked once, and what it cannot bind never runs.</summary>
    [FsCheck.NUnit.Property(MaxTest = 300)]
    public Property RandomArguments_AreNeverAskedTwice_AndNeverRunUnasked() => Prop.ForAll(RandomArguments().ToArbitrary(), RunAsync);

    private static async Task<bool> RunAsync((string Name, string Json)[] arguments)
    {
        await using var host = new ShopHost();
        var given = arguments.DistinctBy(static argument => argument.Name)
            .Select(static argument => (argument.Name, (object?)Json(argument.Json))).ToArray();
        var model = new ScriptedModel(Calls(Call("c1", "search", given)));
        await host.Client(model).AskAsync(false, [new(ChatRole.User, "Search.")], new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] });
        return host.Enforcer.Requests.Count <= 1 && host.Tools.Runs.Count <= host.Enforcer.Requests.Count;
    }

    private static Gen<(string Name, string Json)[]> RandomArguments()
    {
        var names = Gen.Elements("filter", "sort", "Filter", "SORT", "extra");
        var values = Gen.Elements(
            """{"City":"Bern"}""", """{"city":"Bern","ids":[1,2]}""", """{"City":"Bern","Ids":null,"More":1}""", "{}", "null", "[]", "3", "\"3\"", "1.0", "1e0",
            "\"Amount\"", "\"amount\"", "1", "0", "99", "true", """{"City":7}""", """{"City":"a","City":"b"}""");
        return names.SelectMany(name => values.Select(value => (Name: name, Json: value))).ListOf().Select(static list => list.ToArray());
    }

    private static AIFunction Make(Kind kind, ShopHost host)
    {
        var proxy = host.Governed;
        return kind switch
        {
            Kind.InterfaceMethod => AIFunctionFactory.Create(typeof(IShopTools).GetMethod(nameof(IShopTools.RefundAsync))!, proxy),
            Kind.MethodGroup => AIFunctionFactory.Create(proxy.RefundAsync),
            Kind.GovernedFunctions => host.Services.GetGovernedFunctions<IShopTools>().Single(static function => function.Name == "refund"),
            Kind.Lambda => AIFunctionFactory.Create((string order, decimal amount) => proxy.RefundAsync(order, amount), "refund"),
            Kind.WrappedTool => AIFunctionFactory.Create((string order, decimal amount) => host.Tools.RefundAsync(order, amount), "refund"),
            Kind.Plain => new PlainFunction("refund", arguments => host.Tools.RefundAsync(
                arguments["order"]!.ToString()!, decimal.Parse(arguments["amount"]!.ToString()!, System.Globalization.CultureInfo.InvariantCulture))),
            Kind.GovernedFunction => AIFunctionFactory.Create(proxy.RefundAsync).Governed(host.Services),
            Kind.GovernedTwice => new ApprovalFreeWrapper(
                AIFunctionFactory.Create((string order, decimal amount) => proxy.RefundAsync(order, amount), "refund").Governed(host.Services).Governed(host.Services)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement.Clone();
}
