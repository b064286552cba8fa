using System.Text.Json;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments;

public class WrapToolArgumentsTests
{
    private delegate int ByReference(ref int value);

    private delegate ReadOnlySpan<char> SpanResult(string text);

    [Test]
    public async Task WrapTool_TwoParametersOfOneName_IsRefused()
    {
        await using var host = WrappedTools.Host();

        Assert.That(() => host.Wrap((string _, string _) => { }), Throws.ArgumentException.With.Message.Contains("more than one parameter is named '_'"));
        host.Wrap((string _, CancellationToken _) => { })("a", default);
        Assert.That(host.LastArguments, Is.EqualTo("""{"_":"a"}"""), "a token is not sent");
    }

    [Test]
    public async Task WrapTool_MethodThatTakesABaseType_GetsTheTypeOfTheDelegate()
    {
        await using var host = WrappedTools.Host();
        object? received = null;
        void Take(IEnumerable<int> numbers) => received = numbers;

        host.Wrap(new Action<int[]>(Take))([1]);
        Assert.That(received, Is.EqualTo((int[])[1]));
        host.Enforcer.Decide = _ => ScriptedEnforcer.Modify("""{"numbers":[2]}""");
        host.Wrap(new Action<int[]>(Take))([1]);

        Assert.That(received, Is.EqualTo((int[])[2]).And.TypeOf<int[]>());
        Assert.That(host.LastArguments, Is.EqualTo("""{"numbers":[1]}"""));
    }

    [Test]
    public async Task WrapTool_Lambda_NamesItsArgumentsAfterItsParameters()
    {
        await using var host = WrappedTools.Host();
        Func<string, int, string> tool = (query, limit) => query + limit;

        host.Wrap(tool)("a", 1);

        Assert.That(host.LastArguments, Is.EqualTo("""{"query":"a","limit":1}"""));
    }

    [Test]
    public async Task WrapTool_MethodGroup_NamesItsArgumentsAfterItsParameters()
    {
        await using var host = WrappedTools.Host();

        host.Wrap(new Func<int, IAsyncEnumerable<int>>(Numbers));
        _ = await host.Wrap(new Func<int, IAsyncEnumerable<int>>(Numbers))(1).ToArrayAsync();

        Assert.That(host.LastArguments, Is.EqualTo("""{"count":1}"""));
    }

    [Test]
    public async Task WrapTool_SingleObjectArgument_IsTheArgumentsThemselves()
    {
        await using var host = WrappedTools.Host();

        host.Wrap((JsonElement arguments) => { })(WrappedTools.Json("""{"a":1}"""));
        Assert.That(host.LastArguments, Is.EqualTo("""{"a":1}"""));
        host.Wrap((Dictionary<string, object> arguments, CancellationToken token) => { })(new() { ["b"] = 2 }, default);
        Assert.That(host.LastArguments, Is.EqualTo("""{"b":2}"""));
        host.Wrap((IReadOnlyDictionary<string, string> arguments) => { })(new Dictionary<string, string> { ["c"] = "3" });
        Assert.That(host.LastArguments, Is.EqualTo("""{"c":"3"}"""));
        host.Wrap((JsonElement first, int second) => { })(WrappedTools.Json("{}"), 1);
        Assert.That(host.LastArguments, Is.EqualTo("""{"first":{},"second":1}"""), "not where there is another");
    }

    [Test]
    public async Task WrapTool_ModifyOfTheArgumentsObject_ReplacesItWhole()
    {
        await using var host = WrappedTools.Host();
        host.Enforcer.Decide = _ => ScriptedEnforcer.Modify("""{"path":"/tmp/safe","args":[1]}""");

        var element = host.Wrap((JsonElement arguments) => arguments.GetRawText())(WrappedTools.Json("""{"path":"/etc/passwd","keep":1}"""));
        var map = host.Wrap((Dictionary<string, JsonElement> arguments) => arguments)(new() { ["keep"] = WrappedTools.Json("1") });

        Assert.That(element, Is.EqualTo("""{"path":"/tmp/safe","args":[1]}"""));
        Assert.That(map.Keys, Is.EqualTo(["path", "args"]));
    }

    [TestCase("[1]")]
    [TestCase("\"text\"")]
    [TestCase("null")]
    public async Task WrapTool_ArgumentsThatAreNoObject_AreBlocked(string json)
    {
        await using var host = WrappedTools.Host();

        var exception = Assert.Throws<PolicyViolationException>(() => host.Wrap((JsonElement arguments) => { })(WrappedTools.Json(json)));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsNotSerializable));
        Assert.Throws<PolicyViolationException>(() => host.Wrap((Dictionary<string, int>? arguments) => { })(null));
        Assert.Throws<PolicyViolationException>(() => host.Wrap((JsonElement arguments) => { })(default));
    }

    [Test]
    public async Task WrapTool_OptionalParametersAndParams_AreGovernedLikeAnyLambda()
    {
        await using var host = WrappedTools.Host();
        var tool = host.Wrap((string a, int b = 2, params int[] rest) => b + rest.Length);

        Assert.That(tool("x"), Is.EqualTo(2));
        Assert.That(host.LastArguments, Is.EqualTo("""{"a":"x","b":2,"rest":[]}"""));
    }

    private static async IAsyncEnumerable<int> Numbers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }
}
