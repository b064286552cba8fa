using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Invocation;

public class SynchronousHandlerTests
{
    private static readonly string[] s_completed = ["ToolCallPre/Pre", "ToolCallPost/Post"];
    private static readonly string[] s_failed = ["ToolCallPre/Pre", "ToolCallPost/Error"];

    private readonly Calculator _tools = new();

    public interface ICalculatorTools
    {
        int Add(int left, int right);

        void Note(string entry);

        bool TryHalve(int number, out int half);

        void Double(ref int number);

        int Scale(in int factor, ref readonly int offset);

        string Join(string separator, params string[] parts);

        string Greet(string name = "nobody", DayOfWeek? day = DayOfWeek.Friday);

        (int Sum, string Label) Sum((int Left, int Right) pair);

        Memory<byte> Reverse(ReadOnlyMemory<byte> bytes);

        DateOnly? Next(DateOnly? day);
    }

    [Test]
    public async Task Call_Allowed_GivesTheResult()
    {
        await using var host = GovernedHost.For<ICalculatorTools>(_tools);

        Assert.That(host.Get<ICalculatorTools>().Add(2, 3), Is.EqualTo(5));

        Assert.That(host.LastArguments, Is.EqualTo("""{"left":2,"right":3}"""));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_completed));
    }

    [Test]
    public async Task Call_Void_RunsTheTool()
    {
        await using var host = GovernedHost.For<ICalculatorTools>(_tools);

        host.Get<ICalculatorTools>().Note("one");

        Assert.That(_tools.Notes, Is.EqualTo(["one"]));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_completed));
    }

    [Test]
    public async Task Call_Blocked_Throws()
    {
        await using var host = GovernedHost.For<ICalculatorTools>(_tools);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;

        Assert.Throws<PolicyViolationException>(() => host.Get<ICalculatorTools>().Note("one"));

        Assert.That(_tools.Notes, Is.Empty);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }

    [Test]
    public async Task Call_ToolThrows_GivesTheSameExceptionWithItsOwnFrameFirst()
    {
        await using var host = GovernedHost.For<ICalculatorTools>(_tools);
        var thrown = new InvalidDataException();
        _tools.OnNote = _ => throw thrown;

        var caught = Assert.Throws<InvalidDataException>(() => host.Get<ICalculatorTools>().Note("one"));

        Assert.That(caught, Is.SameAs(thrown));
        Assert.That(caught!.StackTrace!.Split('\n')[0], Does.Contain(nameof(Call_ToolThrows_GivesTheSameExceptionWithItsOwnFrameFirst)));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_failed));
    }

    [Test]
    public async Task Call_OutParameter_IsWrittenBackAndNotAsked()
    {
        await using var host = GovernedHost.For<ICalculatorTools>(_tools);

        Assert.That(host.Get<ICalculatorTools>().TryHalve(8, out var half), Is.True);

        Assert.That(half, Is.EqualTo(4));
        Assert.That(host.LastArguments, Is.EqualTo("""{"number":8}"""));
    }

    [Test]
    public async Task Call_RefParameter_IsAskedAndWrittenBack()
    {
        await using var host = GovernedHost.For<ICalculatorTools>(_tools);
        var number = 21;

        host.Get<ICalculatorTools>().Double(ref number);

        Assert.That(number, Is.EqualTo(42));
        Assert.That(host.LastArguments, Is.EqualTo("""{"number":21}"""));
    }

    [Test]
    public async Task Call_RefParameterAndModifiedArguments_WritesBackWhatTheToolMadeOfThem()
    {
        await using var host = GovernedHost.For<ICalculatorTools>(_tools);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Modify("""{"number":5}""");
        var number = 21;

        host.Get<ICalculatorTools>().Double(ref number);
        host.Get<ICalculatorTools>().TryHalve(100, out var half);

        Assert.That((number, half), Is.EqualTo((10, 2)));
    }

    [Test]
    public async Task Call_ToolThrowsAfterWritingARefParameter_TheCallerSeesWhatItWrote([Values] bool modified)
    {
        await using var host = GovernedHost.For<ICalculatorTools>(_tools);
        host.Enforcer.Decide = _ => modified ? ScriptedEnforcer.Modify("""{"number":21}""") : ScriptedEnforcer.Allow;
        _tools.OnNote = _ => throw new InvalidDataException();
        var number = 21;

        Assert.That(() => host.Get<ICalculatorTools>().Double(ref number), Throws.InstanceOf<InvalidDataException>());

        Assert.That(number, Is.EqualTo(42));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_failed));
    }

    [Test]
    public async Task Call_RefParameterBlocked_LeavesTheVariableAlone()
    {
        await using var host = GovernedHost.For<ICalculatorTools>(_tools);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
        var number = 21;

        Assert.That(() => host.Get<ICalculatorTools>().Double(ref number), Throws.InstanceOf<PolicyViolationException>());

        Assert.That(number, Is.EqualTo(21));
    }

    [Test]
    public async Task Call_InAndRefReadonlyParameters_AreAskedAndPassed()
    {
        await using var host = GovernedHost.For<ICalculatorTools>(_tools);
        var (factor, offset) = (3, 4);

        Assert.That(host.Get<ICalculatorTools>().Scale(in factor, in offset), Is.EqualTo(34));

        Assert.That(host.LastArguments, Is.EqualTo("""{"factor":3,"offset":4}"""));
    }

    [Test]
    public async Task Call_ParamsAndOptionalParameters_AreWhatTheCallerLeftOut()
    {
        await using var host = GovernedHost.For<ICalculatorTools>(_tools);

        Assert.That(host.Get<ICalculatorTools>().Join("-", "a", "b"), Is.EqualTo("a-b"));
        Assert.That(host.LastArguments, Is.EqualTo("""{"separator":"-","parts":["a","b"]}"""));
        Assert.That(host.Get<ICalculatorTools>().Join("-"), Is.Empty);
        Assert.That(host.LastArguments, Is.EqualTo("""{"separator":"-","parts":[]}"""));
        Assert.That(host.Get<ICalculatorTools>().Greet(), Is.EqualTo("nobody on Friday"));
        Assert.That(host.LastArguments, Does.StartWith("""{"name":"nobody","day":"""));
    }

    [Test]
    public async Task Call_TuplesAndNullables_AreShownAndPassed()
    {
        await using var host = GovernedHost.For<ICalculatorTools>(_tools);

        Assert.That(host.Get<ICalculatorTools>().Sum((2, 3)), Is.EqualTo((5, "sum")));
        Assert.That(host.LastArguments, Does.Contain("2").And.Contain("3"));
        Assert.That(host.Get<ICalculatorTools>().Next(new DateOnly(2026, 1, 31)), Is.EqualTo(new DateOnly(2026, 2, 1)));
        Assert.That(host.LastArguments, Is.EqualTo("""{"day":"2026-01-31"}"""));
        Assert.That(host.Get<ICalculatorTools>().Next(null), Is.Null);
        Assert.That(host.LastArguments, Is.EqualTo("""{"day":null}"""));
    }

    [Test]
    public async Task Call_Memory_IsShownAndReturned()
    {
        await using var host = GovernedHost.For<ICalculatorTools>(_tools);
        byte[] bytes = [1, 2, 3];

        var result = host.Get<ICalculatorTools>().Reverse(bytes);

        Assert.That(result.ToArray(), Is.EqualTo(new byte[] { 3, 2, 1 }));
        Assert.That(host.LastArguments, Is.EqualTo("""{"bytes":"AQID"}"""));
    }

    private sealed class Calculator : ICalculatorTools
    {
        public List<string> Notes { get; } = [];

        public Action<string>? OnNote { get; set; }

        public int Add(int left, int right) => left + right;

        public void Note(string entry)
        {
            Notes.Add(entry);
            OnNote?.Invoke(entry);
        }

        public bool TryHalve(int number, out int half)
        {
            half = number / 2;
            return number % 2 == 0;
        }

        public void Double(ref int number)
        {
            number *= 2;
            OnNote?.Invoke("doubled");
        }

        public int Scale(in int factor, ref readonly int offset) => (factor * 10) + offset;

        public string Join(string separator, params string[] parts) => string.Join(separator, parts);

        public string Greet(string name, DayOfWeek? day) => $"{name} on {day}";

        public (int Sum, string Label) Sum((int Left, int Right) pair) => (pair.Left + pair.Right, "sum");

        public Memory<byte> Reverse(ReadOnlyMemory<byte> bytes)
        {
            var reversed = bytes.ToArray();
            Array.Reverse(reversed);
            return reversed;
        }

        public DateOnly? Next(DateOnly? day) => day?.AddDays(1);
    }
}
