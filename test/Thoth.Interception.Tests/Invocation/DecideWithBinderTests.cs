using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Invocation;

/// <summary>
/// Calls whose arguments are bound with serializer options. The functions of <c>AIFunctionFactory</c> over the governed interface are
/// the reference: what such a function shows to the enforcer and runs with is what the decision shows and runs with.
/// </summary>
public class DecideWithBinderTests
{
    private static readonly string[] s_once = ["ToolCallPre/Pre", "ToolCallPost/Post"];

    /// <summary>The values of a model: right ones, the same in other forms, and wrong ones.</summary>
    private static readonly string[] s_values =
    [
        "1", "3.0", "1e1", "\"3\"", "\"1e1\"", "-0", "1.5", "99999999999", "true", "null", "\"B\"", "\"b\"", "\"A, B\"", "1.0", "\"\"", "\"A-1\"",
        "[]", "[1,\"2\",3.0]", "{}", """{"City":"Bern","Kind":1,"Ids":[1]}""", """{"city":"Bern","kind":"B","ids":["1",2]}""",
        """{"CITY":"Bern","more":{"x":1}}""", """{"city":null,"next":{"city":"Basel","kind":2}}""", "\"{}\"", "\"[1]\"", "\"2026-01-02\"",
        "\"0f8fad5b-d9cb-469f-a165-70867728950e\"", """{"a":1,"B":"2"}""",
    ];

    public enum Kind
    {
        A,
        B,
    }

    public sealed record Filter(string? City = null, Kind Kind = Kind.A, int[]? Ids = null)
    {
        public Filter? Next { get; init; }

        public string Label => $"{City}/{Kind}";
    }

    public sealed class Holder
    {
        public MemoryStream? Content { get; set; }
    }

    public interface IShopTools
    {
        string Refund(string order, decimal amount = 10, [Sensitive] string? card = null);

        string Times(int times);

        string Kinds(Kind kind, Kind? other = Kind.B);

        string Search(Filter filter, int limit = 10, CancellationToken cancellationToken = default);

        string Many(List<int> ids, Dictionary<string, int>? counts = null);

        string At(DateTime at, Guid id, bool dry = false, double rate = 0.5);

        string Any(object? value, JsonElement? json = null);

        string Keep(Holder holder);

        string Find(string name);

        string Find(string name, string city);

        string Upload(Stream file, string name);
    }

    private sealed class ShopTools : IShopTools
    {
        public List<string> Runs { get; } = [];

        public string Refund(string order, decimal amount, string? card) => Ran(order, amount, card);

        public string Times(int times) => Ran(times);

        public string Kinds(Kind kind, Kind? other) => Ran(kind, other);

        public string Search(Filter filter, int limit, CancellationToken cancellationToken) => Ran(filter, limit);

        public string Many(List<int> ids, Dictionary<string, int>? counts) => Ran(ids, counts);

        public string At(DateTime at, Guid id, bool dry, double rate) => Ran(at, id, dry, rate);

        public string Any(object? value, JsonElement? json) => Ran(value, json);

        public string Keep(Holder holder) => Ran(holder.Content?.Length);

        public string Find(string name) => Ran(name);

        public string Find(string name, string city) => Ran(name, city);

        public string Upload(Stream file, string name) => Ran(file.Length, name);

        private string Ran(params object?[] values)
        {
            Runs.Add(JsonSerializer.Serialize(values));
            return Runs[^1];
        }
    }

    private static readonly TestCaseData<string, string, string>[] s_forms =
    [
        new("search", """{"filter":{"city":"Bern","KIND":"1","ids":["1",2]}}""", """{"filter":{"City":"Bern","Kind":"B","Ids":[1,2],"Next":null,"Label":"Bern/B"},"limit":10}"""),
        new("kinds", """{"kind":1}""", """{"kind":"B","other":"B"}"""),
        new("kinds", """{"kind":"b","other":null}""", """{"kind":"B","other":null}"""),
        new("times", """{"times":"3"}""", """{"times":3}"""),
        new("times", """{"times":3,"extra":{"deep":[1]}}""", """{"times":3}"""),
        new("refund", """{"Order":"A-1","AMOUNT":1e1}""", """{"order":"A-1","amount":10,"card":null}"""),
        new("refund", """{"order":"A-1","ORDER":"A-2"}""", """{"order":"A-1","amount":10,"card":null}"""),
        new("refund", """{"order":"A-1","amount":3.0}""", """{"order":"A-1","amount":3.0,"card":null}"""),
        new("find", """{"name":"ada","city":"Bern"}""", """{"name":"ada","city":"Bern"}"""),
        new("find", """{"name":"ada","more":1}""", """{"name":"ada"}"""),
    ];

    [TestCaseSource(nameof(s_forms))]
    public async Task Json_InAnyFormThatTheOptionsRead_IsShownAsThroughTheInterface(string tool, string json, string shown)
    {
        await using var host = Host(out _);

        using var decision = await DecideAsync(host, tool, json, Web());

        Assert.That(decision.Refusal, Is.Null);
        Assert.That(host.LastArguments, Is.EqualTo(shown));
    }

    [Test]
    public async Task WhateverAFunctionBinds_TheDecisionBindsToTheSame()
    {
        await using var host = Host(out var tools);
        var (bound, refused) = (0, 0);
        foreach (var method in typeof(IShopTools).GetMethods().Where(method => method.Name is not (nameof(IShopTools.Keep) or nameof(IShopTools.Upload))))
        {
            var function = AIFunctionFactory.Create(method, host.Get<IShopTools>());
            foreach (var parameter in method.GetParameters().Where(parameter => parameter.ParameterType != typeof(CancellationToken)))
            {
                foreach (var value in s_values)
                {
                    var json = Arguments(method, parameter.Name!, value);
                    if (await ShownByAsync(host, function, json) is { } shown)
                    {
                        bound++;
                        using var decision = await DecideAsync(host, "x", json, function.JsonSerializerOptions, method);
                        Assert.That(host.LastArguments, Is.EqualTo(shown), $"{method.Name} {json}");
                        await AssertRunsOnceAsync(host, tools, decision, function, $"{method.Name} {json}");
                    }
                    else
                    {
                        refused++;
                    }
                }
            }
        }

        // A function that refused all would compare nothing.
        Assert.That(bound, Is.GreaterThan(150));
        Assert.That(refused, Is.GreaterThan(100));
    }

    [Test]
    public async Task Map_ValuesAreBoundAsAFunctionBindsThem()
    {
        await using var host = Host(out _);
        var function = AIFunctionFactory.Create(typeof(IShopTools).GetMethod(nameof(IShopTools.Search))!, host.Get<IShopTools>());
        object?[] filters = [new Filter("Bern"), """{"city":"Bern"}""", new { city = "Bern", kind = 1 }, new Dictionary<string, object?> { ["City"] = "Bern" }];
        object?[] limits = [1, 2L, 3.0, "4", null, JsonDocument.Parse("5"), JsonSerializer.SerializeToNode(6)];
        foreach (var filter in filters)
        {
            foreach (var limit in limits)
            {
                var map = new Dictionary<string, object?> { ["filter"] = filter, ["limit"] = limit, ["more"] = 1 };
                await function.InvokeAsync(new AIFunctionArguments(new Dictionary<string, object?>(map)));
                var shown = host.LastArguments;

                var descriptor = new ToolDescriptor("search") { Binder = function.JsonSerializerOptions };
                using var decision = await host.Get<IToolGovernor>().DecideAsync(descriptor, map);

                Assert.That(decision.Refusal, Is.Null);
                Assert.That(host.LastArguments, Is.EqualTo(shown), $"{filter} {limit}");
            }
        }
    }

    [Test]
    public async Task Modified_RunsOnceThroughTheFunction_AndCapturesTheMask()
    {
        await using var host = Host(out var tools);
        var function = AIFunctionFactory.Create(typeof(IShopTools).GetMethod(nameof(IShopTools.Refund))!, host.Get<IShopTools>());
        host.Enforcer.Decide = _ => ScriptedEnforcer.Modify("""{"order":"A-1","amount":5,"card":"4242"}""");

        using var decision = await DecideAsync(host, "refund", """{"ORDER":"A-1","amount":"500","Card":"4242","x":1}""", function.JsonSerializerOptions);
        await decision.RunAsync((arguments, token) => function.InvokeAsync(new AIFunctionArguments(new Dictionary<string, object?>(arguments)), token).AsTask());

        Assert.That(tools.Runs, Is.EqualTo(["""["A-1",5,"4242"]"""]));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(host.LastArguments, Does.Contain("4242"));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_once));
        foreach (var e in await host.EventsAsync())
        {
            Assert.That(Encoding.UTF8.GetString(e.CapturedArguments.Span), Does.Not.Contain("4242").And.Contain("***"));
        }
    }

    [TestCase("refund", """{"amount":1}""", "the argument 'order' is missing")]
    [TestCase("refund", """{"order":1}""", "the argument 'order' does not fit")]
    [TestCase("refund", """{"ORDER":"SECRET","Order":"SECRET"}""", "the argument 'order' is there twice")]
    [TestCase("refund", """{"order":"SECRET","order":"SECRET"}""", "the arguments are not one JSON object")]
    [TestCase("times", """{"times":"SECRET"}""", "the argument 'times' does not fit")]
    [TestCase("keep", """{"holder":{"content":{"capacity":4}}}""", "the argument 'holder' does not fit")]
    [TestCase("upload", """{"file":{},"name":"x"}""", "the argument 'file' does not fit")]
    [TestCase("times", """[3]""", "the arguments are not one JSON object")]
    public async Task WhatDoesNotFit_IsRefused_WithoutAValue(string tool, string json, string expected)
    {
        await using var host = Host(out var tools);

        using var decision = await DecideAsync(host, tool, json, Web());

        Assert.That(((PolicyViolationException)decision.Refusal!).SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsNotSerializable));
        Assert.That(decision.ModelText, Does.Contain(expected).And.Not.Contain("SECRET"));
        Assert.That(decision.Refusal.ToString(), Does.Not.Contain("SECRET"));
        Assert.That(host.Enforcer.Requests, Is.Empty);
        Assert.That(tools.Runs, Is.Empty);
    }

    [Test]
    public async Task OptionsThatDisallowUnmappedMembers_RefuseAnUnknownArgument()
    {
        await using var host = Host(out _);
        var strict = new JsonSerializerOptions(Web()) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

        using var decision = await DecideAsync(host, "times", """{"times":1,"more":1}""", strict);

        Assert.That(decision.ModelText, Does.Contain("it takes 'times'"));
    }

    [Test]
    public async Task ToolThatNoInterfaceHas_DoesNotUseTheBinder()
    {
        await using var host = Host(out _);

        using var decision = await DecideAsync(host, "other", """{"A":"3","a":1e1}""", Web());

        Assert.That(host.LastArguments, Is.EqualTo("""{"A":"3","a":1e1}"""));
    }

    private static GovernedHost Host(out ShopTools tools)
    {
        var target = tools = new ShopTools();
        return GovernedHost.For<IShopTools>(target, options => options.Events.Capture = EventCapture.Arguments);
    }

    private static JsonSerializerOptions Web() => new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private static ValueTask<ToolCallDecision> DecideAsync(
        GovernedHost host, string tool, string json, JsonSerializerOptions binder, System.Reflection.MethodInfo? method = null) =>
        host.Get<IToolGovernor>().DecideAsync(new ToolDescriptor(tool) { Binder = binder, Method = method }, Encoding.UTF8.GetBytes(json));

    /// <summary>The arguments of a call, of which one has a given value, and the other required ones a right one.</summary>
    private static string Arguments(System.Reflection.MethodInfo method, string name, string value) => "{" + string.Join(',', method.GetParameters()
        .Where(parameter => parameter.Name == name || !parameter.IsOptional)
        .Select(parameter => $"\"{parameter.Name}\":{(parameter.Name == name ? value : Right(parameter.ParameterType))}")) + ""","extra":1}""";

    private static string Right(Type type) =>
        type == typeof(string) ? "\"A-1\""
        : type == typeof(DateTime) ? "\"2026-01-02\""
        : type == typeof(Guid) ? "\"0f8fad5b-d9cb-469f-a165-70867728950e\""
        : type == typeof(List<int>) ? "[1]"
        : type == typeof(Filter) ? "{}"
        : "1";

    /// <summary>What a function over the governed interface shows to the enforcer; <see langword="null"/> if it cannot bind the arguments.</summary>
    private static async Task<string?> ShownByAsync(GovernedHost host, AIFunction function, string json)
    {
        var before = host.Enforcer.Requests.Count;
        try
        {
            await function.InvokeAsync(Read(json));
        }
        catch (Exception exception) when (host.Enforcer.Requests.Count == before && exception is not PolicyViolationException)
        {
            return null;
        }

        return host.LastArguments;
    }

    private static async Task AssertRunsOnceAsync(GovernedHost host, ShopTools tools, ToolCallDecision decision, AIFunction function, string what)
    {
        var (evaluated, ran) = (host.Enforcer.Requests.Count, tools.Runs.Count);
        await decision.RunAsync((arguments, token) => function.InvokeAsync(new AIFunctionArguments(new Dictionary<string, object?>(arguments)), token).AsTask());

        Assert.That((host.Enforcer.Requests.Count, tools.Runs.Count), Is.EqualTo((evaluated, ran + 1)), what);
        Assert.That(tools.Runs[^1], Is.EqualTo(tools.Runs[^2]), what);
    }

    /// <summary>Reads a model's JSON as the clients of Microsoft.Extensions.AI do.</summary>
    private static AIFunctionArguments Read(string json) =>
        new(JsonSerializer.Deserialize<Dictionary<string, object?>>(json, AIJsonUtilities.DefaultOptions));
}
