using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Invocation;

public class WrapToolTests
{
    private static readonly string[] s_completed = ["ToolCallPre/Pre", "ToolCallPost/Post"];

    private delegate void ByReference(ref int number);

    private delegate Hidden Own(Hidden number);

    private delegate int OverStack(ReadOnlySpan<int> numbers);

    [Test]
    public async Task WrapTool_Function_IsGovernedUnderItsParametersNames()
    {
        await using var host = Host();
        var add = Governor(host).WrapTool(" add ", (int left, int right) => left + right);

        Assert.That(add(2, 3), Is.EqualTo(5));
        Assert.That(host.LastArguments, Is.EqualTo("""{"left":2,"right":3}"""));
        Assert.That(host.Enforcer.LastRequest.ToolName, Is.EqualTo("add"));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_completed));
    }

    [Test]
    public async Task WrapTool_EveryReturnType_IsGoverned()
    {
        await using var host = Host();
        var governor = Governor(host);
        var ran = 0;

        governor.WrapTool("a", () => { ran++; })();
        await governor.WrapTool("b", async () => { await Task.Yield(); ran++; })();
        await governor.WrapTool("c", () => new ValueTask<int>(ran++))();
        Assert.That(governor.WrapTool("d", () => Enumerable.Range(ran, 2).Where(n => n > 0))().ToList(), Has.Count.EqualTo(2));
        Assert.That(await governor.WrapTool("e", SequenceAsync)().ToListAsync(), Is.EqualTo(new[] { 1 }));

        Assert.That(ran, Is.EqualTo(3));
        Assert.That(await host.EventNamesAsync(), Has.Exactly(5).EqualTo("ToolCallPost/Post"));

        static async IAsyncEnumerable<int> SequenceAsync()
        {
            await Task.Yield();
            yield return 1;
        }
    }

    [Test]
    public async Task WrapTool_Blocked_DoesNotRun()
    {
        await using var host = Host();
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
        var ran = false;
        var now = Governor(host).WrapTool("now", () => ran = true);
        var later = Governor(host).WrapTool("later", (string text) => Task.FromResult(ran = true));

        Assert.Throws<PolicyViolationException>(() => now());
        var task = later("x");

        await Assert.ThrowsAsync<PolicyViolationException>(() => task);
        Assert.That(ran, Is.False);
    }

    [Test]
    public async Task WrapTool_DictionaryAsTheOnlyArgument_IsTheArguments()
    {
        await using var host = Host();
        host.Enforcer.Decide = _ => ScriptedEnforcer.Modify("""{"path":"safe"}""");
        var read = Governor(host).WrapTool("read", (Dictionary<string, string> arguments) => arguments["path"]);

        Assert.That(read(new() { ["path"] = "secret" }), Is.EqualTo("safe"));
        Assert.That(host.LastArguments, Is.EqualTo("""{"path":"secret"}"""));
    }

    [Test]
    public async Task WrapTool_MethodOfAnObject_KeepsItsTarget()
    {
        await using var host = Host();
        var list = new List<int>();
        Action<int> add = list.Add;

        Governor(host).WrapTool("add", add)(4);

        Assert.That(list, Is.EqualTo(new[] { 4 }));
        Assert.That(host.LastArguments, Is.EqualTo("""{"item":4}"""));
    }

    [Test]
    public async Task WrapTool_ExtensionMethodOfAnObject_TakesWhatIsLeftToPass()
    {
        await using var host = Host();
        Func<int, int> skip = new List<int> { 1, 2, 3 }.ElementAt;

        Assert.That(Governor(host).WrapTool("skip", skip)(2), Is.EqualTo(3));
        Assert.That(host.LastArguments, Is.EqualTo("""{"arg":2}"""));
    }

    [Test]
    public async Task WrapTool_ToolThrows_GivesTheSameException()
    {
        await using var host = Host();
        var thrown = new InvalidDataException();
        Func<int> fail = () => throw thrown;

        Assert.That(() => Governor(host).WrapTool("fail", fail)(), Throws.Exception.SameAs(thrown));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallPost/Error"]));
    }

    [Test]
    public async Task WrapTools_FunctionsOfSeveralTypes_AreGovernedUnderTheirNames()
    {
        await using var host = Host();

        var tools = Governor(host).WrapTools(new Dictionary<string, Delegate>
        {
            ["add"] = (int left, int right) => left + right,
            ["greet"] = (string name) => $"hi {name}",
        });

        Assert.That(((Func<int, int, int>)tools["add"])(1, 2), Is.EqualTo(3));
        Assert.That(((Func<string, string>)tools["greet"])("a"), Is.EqualTo("hi a"));
        Assert.That(host.Enforcer.Requests.Select(request => request.ToolName), Is.EqualTo(["add", "greet"]));
    }

    [Test]
    public async Task WrapTool_ThatCannotBeGoverned_IsRefused()
    {
        await using var host = Host();
        var governor = Governor(host);

        Assert.That(() => governor.WrapTool(" ", () => 1), Throws.ArgumentException);
        Assert.That(() => governor.WrapTool<Func<int>>("none", null!), Throws.ArgumentNullException);
        Assert.That(() => governor.WrapTool<ByReference>("ref", (ref number) => number++), Throws.ArgumentException.With.Message.StartsWith(
            "The tool 'ref' cannot be governed: it has a by-reference parameter; return the value in the result."));
        Assert.That(() => governor.WrapTool<OverStack>("span", numbers => numbers.Length), Throws.ArgumentException.With.Message.StartsWith(
            "The tool 'span' cannot be governed: its parameter 'numbers' is a 'ReadOnlySpan<Int32>', which cannot be boxed for an interceptor"));
    }

    [Test]
    public async Task WrapTool_PrivateTypes_AreGoverned()
    {
        await using var host = Host();

        var own = Governor(host).WrapTool<Own>("own", hidden => hidden);

        Assert.That(own(new Hidden(3)), Is.EqualTo(new Hidden(3)));
        Assert.That(host.LastArguments, Is.EqualTo("""{"hidden":{"Number":3}}"""));
    }

    private static GovernedHost Host() => GovernedHost.Create(_ => { });

    private static IToolGovernor Governor(GovernedHost host) => host.Get<IToolGovernor>();

    private sealed record Hidden(int Number);
}
