using Castle.DynamicProxy;
using NSubstitute;
using Thoth.Interception.Interception;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

public class UngovernedMemberTests
{
    private readonly Box _tools = new();

    public interface IBoxTools
    {
        event EventHandler Changed;

        int Count { get; set; }

        string Label { init; }

        ref int Slot { get; }

        ReadOnlySpan<char> Text { get; }

        string this[int index] { get; set; }

        int this[ReadOnlySpan<char> key] { get; }

        void Put(string item);

        [Ungoverned]
        int Sum(ReadOnlySpan<int> numbers);

        [Ungoverned]
        Span<int> Numbers();

        [Ungoverned]
        ref int Reference();

        [Ungoverned]
        ref readonly int ReadOnlyReference();

        [Ungoverned]
        unsafe int* Pointer(int* pointer);

        [Ungoverned]
        IEnumerator<int> Elements();

        [Ungoverned]
        ValueTask<T> SlowlyAsync<T>(T value, out bool done);
    }

    [Test]
    public void Intercept_MemberWithoutAPlan_IsNotRun()
    {
        var invocation = Substitute.For<IInvocation>();
        invocation.Method.Returns(typeof(ICloneable).GetMethod(nameof(ICloneable.Clone)));

        Assert.That(
            () => new GovernanceInterceptor(null!, InterfaceDescriptor.For(typeof(IBoxTools), new GovernedToolsOptions()), null!).Intercept(invocation),
            Throws.InvalidOperationException.With.Message.Contains("Clone"));

        invocation.DidNotReceive().Proceed();
    }

    [Test]
    public async Task Accessors_OfPropertiesAndIndexers_PassThrough()
    {
        await using var host = GovernedHost.For<IBoxTools>(_tools);
        var box = host.Get<IBoxTools>();

        box.Count = 3;
        box[2] = "two";
        box.Slot = 7;

        Assert.That((box.Count, _tools.Count, box[2], _tools.Slot), Is.EqualTo((3, 3, "two", 7)));
        Assert.That((box.Text.ToString(), box["key"]), Is.EqualTo(("text", 3)));
        await AssertNothingWasGovernedAsync(host);
    }

    [Test]
    public async Task Accessors_OfEvents_PassThrough()
    {
        await using var host = GovernedHost.For<IBoxTools>(_tools);
        var raised = 0;
        EventHandler handler = (_, _) => raised++;

        host.Get<IBoxTools>().Changed += handler;
        _tools.Raise();
        host.Get<IBoxTools>().Changed -= handler;
        _tools.Raise();

        Assert.That(raised, Is.EqualTo(1));
        await AssertNothingWasGovernedAsync(host);
    }

    [Test]
    public async Task UngovernedMembers_WithSpansReferencesAndPointers_PassThrough()
    {
        await using var host = GovernedHost.For<IBoxTools>(_tools);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
        var box = host.Get<IBoxTools>();

        var sum = box.Sum([1, 2, 3]);
        box.Numbers()[0] = 5;
        box.Reference() = 6;
        var read = box.ReadOnlyReference();
        var pointed = Pointed(box);

        Assert.That((sum, _tools.Array[0], _tools.Slot, read, pointed), Is.EqualTo((6, 5, 6, 6, 9)));
        await AssertNothingWasGovernedAsync(host);

        static unsafe int Pointed(IBoxTools box)
        {
            var number = 9;
            return *box.Pointer(&number);
        }
    }

    [Test]
    public async Task UngovernedMembers_WithSignaturesThatGovernanceRefuses_PassThrough()
    {
        await using var host = GovernedHost.For<IBoxTools>(_tools);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
        using var elements = host.Get<IBoxTools>().Elements();

        Assert.That(elements.MoveNext(), Is.True);
        Assert.That(await host.Get<IBoxTools>().SlowlyAsync("x", out var done), Is.EqualTo("x"));
        Assert.That(done, Is.True);
        await AssertNothingWasGovernedAsync(host);
    }

    [Test]
    public async Task ObjectMembers_AreNoToolCalls()
    {
        await using var host = GovernedHost.For<IBoxTools>(_tools);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
        var box = host.Get<IBoxTools>();

        var itself = box;
        Assert.That(box.Equals(itself), Is.True);
        Assert.That(box.GetHashCode(), Is.EqualTo(itself.GetHashCode()));
        Assert.That(box.ToString(), Is.Not.Null);
        await AssertNothingWasGovernedAsync(host);
    }

    [Test]
    public async Task GovernedMember_BesideUngovernedOnes_IsStillGoverned()
    {
        await using var host = GovernedHost.For<IBoxTools>(_tools);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;

        Assert.Throws<PolicyViolationException>(() => host.Get<IBoxTools>().Put("x"));
    }

    private static async Task AssertNothingWasGovernedAsync(GovernedHost host)
    {
        Assert.That(host.Enforcer.Requests, Is.Empty);
        Assert.That(await host.EventsAsync(), Is.Empty);
    }

    private sealed class Box : IBoxTools
    {
        private int _slot;
        private readonly Dictionary<int, string> _items = [];

        public event EventHandler? Changed;

        public int[] Array { get; } = [0];

        public int Count { get; set; }

        public string Label { get; init; } = "";

        public ref int Slot => ref _slot;

        public ReadOnlySpan<char> Text => "text";

        public string this[int index]
        {
            get => _items[index];
            set => _items[index] = value;
        }

        public int this[ReadOnlySpan<char> key] => key.Length;

        public void Raise() => Changed?.Invoke(this, EventArgs.Empty);

        public void Put(string item) => Count++;

        public int Sum(ReadOnlySpan<int> numbers)
        {
            var sum = 0;
            foreach (var number in numbers)
            {
                sum += number;
            }

            return sum;
        }

        public Span<int> Numbers() => Array;

        public ref int Reference() => ref _slot;

        public ref readonly int ReadOnlyReference() => ref _slot;

        public unsafe int* Pointer(int* pointer) => pointer;

        public IEnumerator<int> Elements() => Enumerable.Repeat(1, 1).GetEnumerator();

        public ValueTask<T> SlowlyAsync<T>(T value, out bool done)
        {
            done = true;
            return new(value);
        }
    }
}
