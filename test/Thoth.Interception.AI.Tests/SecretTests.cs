using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AI.Tests.Support;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests;

/// <summary>Whatever refuses a call, no argument of it comes back to the model: not a value, and not a name that the tool does not have.</summary>
[TestFixture]
public class SecretTests
{
    public enum Refusal
    {
        Block,
        Defer,
        Told,
        Asked,
        Denied,
        Down,
        BadChange,
        Closed,
    }

    [FsCheck.NUnit.Property(MaxTest = 400)]
    public Property Refusals_ContainNoArgument() => Prop.ForAll(Cases().ToArbitrary(), CheckAsync);

    private static async Task<bool> CheckAsync((string Tool, Refusal Refusal, bool Streaming, (string Name, string Json)[] Arguments) given)
    {
        var secret = Guid.NewGuid().ToString("N");
        await using var host = new ShopHost();
        using var session = host.Get<IThothSessions>().Start();
        host.Enforcer.Decide = _ => given.Refusal switch
        {
            Refusal.Block => TestEnforcer.Block("no"),
            Refusal.Defer => TestEnforcer.Defer(TimeSpan.FromSeconds(30)),
            Refusal.Down => throw new HttpRequestException("down"),
            Refusal.BadChange => TestEnforcer.Modify("""{"order":{"x":1},"what":[]}"""),
            Refusal.Closed => Close(session),
            _ => host.Enforcer.Hold(),
        };
        var arguments = given.Arguments.DistinctBy(static argument => argument.Name)
            .Select(argument => (argument.Name.Replace("SECRET", secret, StringComparison.Ordinal), (object?)JsonDocument.Parse(argument.Json.Replace("SECRET", secret, StringComparison.Ordinal)).RootElement.Clone()))
            .ToArray();
        var model = new ScriptedModel(Calls(Call("c1", given.Tool, arguments), Call("c2", given.Tool, arguments)), Calls(Call("c3", given.Tool, arguments)));
        var client = host.Client(model, options => options.WhenHeld = given.Refusal == Refusal.Told ? HeldFunctionMode.Tell : HeldFunctionMode.Ask);
        var plain = AIFunctionFactory.Create(static (string text, int count) => "ran", "plain");
        var chat = Conversation.Of(host, client, given.Streaming, plain);
        var requests = (await chat.SendAsync()).Requests();
        if (given.Refusal == Refusal.Denied)
        {
            foreach (var token in host.Enforcer.Tokens)
            {
                host.Enforcer.Answer(token, approve: false);
            }
        }

        if (requests.Length > 0)
        {
            await chat.SendAsync(new TextContent("Still there?"));
            await chat.SendAsync([.. requests.Select(static request => request.CreateResponse(approved: true))]);
        }

        var told = model.Prompts.SelectMany(static prompt => prompt).SelectMany(static message => message.Contents)
            .Where(static content => content is not FunctionCallContent)
            .Select(static content => JsonSerializer.Serialize(content, AIJsonUtilities.DefaultOptions) + (content as FunctionResultContent)?.Exception?.Message);
        return told.All(text => !text.Contains(secret, StringComparison.OrdinalIgnoreCase)) && host.Tools.Runs.Count == 0;
    }

    private static EnforcementDecision Close(ThothSession session)
    {
        session.Dispose();
        return TestEnforcer.Allow;
    }

    private static Gen<(string Tool, Refusal Refusal, bool Streaming, (string Name, string Json)[] Arguments)> Cases()
    {
        var names = Gen.Elements("order", "amount", "pin", "filter", "sort", "limit", "text", "count", "Order", "SECRET", "xSECRET");
        var values = Gen.Elements(
            "\"SECRET\"", """{"City":"SECRET"}""", """{"SECRET":1}""", """["SECRET",["SECRET"]]""", "7", "null", "\"7\"", """{"City":{"SECRET":"SECRET"}}""", "\"SECRET\\u0000\\ud83d\\ude00\"",
            "1e400", "\"\\ud800SECRET\"", """{"a":1,"a":"SECRET"}""");
        return from tool in Gen.Elements("read_order", "refund", "delete_order", "list_orders", "search", "plain")
               from refusal in Gen.Elements(Enum.GetValues<Refusal>())
               from streaming in Gen.Elements(true, false)
               from arguments in names.SelectMany(name => values.Select(value => (Name: name, Json: value))).ListOf()
               select (tool, refusal, streaming, arguments.ToArray());
    }
}
