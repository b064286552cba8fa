using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

public class UnusualMemberTests
{
    public interface IProtectedTools
    {
        protected string Helper(string text);

        sealed string Use(string text) => Helper(text);
    }

    public interface IBaseTools
    {
        string Run(string text) => $"base {text}";
    }

    public interface IReabstractedTools : IBaseTools
    {
        abstract string IBaseTools.Run(string text);
    }

    public interface IHidingTools : IBaseTools
    {
        [GovernedTool("run_new")]
        new string Run(string text);
    }

    public interface IConstrainedTools
    {
        int Size<T>(T value)
            where T : unmanaged;

        T Make<T>(string name)
            where T : class, IBaseTools, new();

        TValue Max<TValue, TOther>(TValue left, TOther right)
            where TValue : IComparable<TValue>
            where TOther : TValue;

        T? Nothing<T>()
            where T : struct;
    }

    public interface IVariantTools<in TIn, out TOut>
    {
        TOut Convert(TIn value);
    }

    public interface IWideTools
    {
        string Many(
            int a, long b, short c, byte d, sbyte e, uint f, ulong g, ushort h, float i, double j, decimal k, bool l, char m,
            string n, Guid o, DateTime p, TimeSpan q, DayOfWeek r, int? s, Uri? t, CancellationToken u = default);

        object Anything(object value);

        string[,] Grid(int[][] jagged);

        Nested.Inner Inner(Nested.Inner inner);

        void NoArguments();
    }

    [Test]
    public async Task ProtectedMember_CalledBySealedMember_IsGoverned()
    {
        await using var host = GovernedHost.For<IProtectedTools>(new Protected());

        Assert.That(host.Get<IProtectedTools>().Use("x"), Is.EqualTo("helped x"));
        Assert.That(host.Enforcer.LastRequest.ToolName, Is.EqualTo("helper"));
    }

    [Test]
    public async Task ReabstractedMember_IsGovernedOnce()
    {
        await using var host = GovernedHost.For<IReabstractedTools>(new Reabstracted());

        Assert.That(host.Get<IReabstractedTools>().Run("x"), Is.EqualTo("own x"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task HidingAndHiddenMembers_AreToolsOfTheirOwn()
    {
        await using var host = GovernedHost.For<IHidingTools>(new Hiding());

        Assert.That(host.Get<IHidingTools>().Run("x"), Is.EqualTo("new x"));
        Assert.That(((IBaseTools)host.Get<IHidingTools>()).Run("x"), Is.EqualTo("base x"));
        Assert.That(host.Enforcer.Requests.Select(request => request.ToolName), Is.EqualTo(["run_new", "run"]));
    }

    [Test]
    public async Task GenericMembers_WithEveryConstraint_AreGoverned()
    {
        await using var host = GovernedHost.For<IConstrainedTools>(new Constrained());
        var tools = host.Get<IConstrainedTools>();

        Assert.That(tools.Size(1L), Is.EqualTo(8));
        Assert.That(tools.Make<Made>("x"), Is.InstanceOf<Made>());
        Assert.That(tools.Max("a", "b"), Is.EqualTo("b"));
        Assert.That(tools.Nothing<int>(), Is.Null);
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task VariantInterface_UsedThroughAConversion_IsGoverned()
    {
        await using var host = GovernedHost.For<IVariantTools<object, string>>(new Variant());
        IVariantTools<string, object> converted = host.Get<IVariantTools<object, string>>();

        Assert.That(converted.Convert("x"), Is.EqualTo("x!"));
        Assert.That(host.LastArguments, Is.EqualTo("""{"value":"x"}"""));
    }

    [Test]
    public async Task ManyParameters_AreAllShownAndPassed()
    {
        await using var host = GovernedHost.For<IWideTools>(new Wide());

        var result = host.Get<IWideTools>().Many(
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, true, 'm', "n", Guid.Empty, DateTime.UnixEpoch, TimeSpan.Zero, DayOfWeek.Friday, null, null);

        Assert.That(result, Is.EqualTo("1 2 3 m n Friday"));
        Assert.That(host.LastArguments, Does.StartWith("""{"a":1,"b":2,"c":3,""").And.Contain("\"t\":null").And.Not.Contain("\"u\""));
    }

    [Test]
    public async Task UnusualTypes_ArePassedUnchanged()
    {
        await using var host = GovernedHost.For<IWideTools>(new Wide());
        var tools = host.Get<IWideTools>();
        object boxed = 5;

        Assert.That(ReferenceEquals(tools.Anything(boxed), boxed), Is.True);
        Assert.That(tools.Grid([[1], [2, 3]])[0, 0], Is.EqualTo("2"));
        Assert.That(tools.Inner(new Nested.Inner(4)), Is.EqualTo(new Nested.Inner(4)));
        tools.NoArguments();
        Assert.That(host.LastArguments, Is.Empty);
        Assert.That(await host.EventNamesAsync(), Has.Exactly(4).EqualTo("ToolCallPost/Post"));
    }

    public static class Nested
    {
        public readonly record struct Inner(int Number);
    }

    private sealed class Protected : IProtectedTools
    {
        string IProtectedTools.Helper(string text) => $"helped {text}";
    }

    private sealed class Reabstracted : IReabstractedTools
    {
        public string Run(string text) => $"own {text}";
    }

    private sealed class Hiding : IHidingTools
    {
        string IHidingTools.Run(string text) => $"new {text}";
    }

    private sealed class Made : IBaseTools;

    private sealed class Constrained : IConstrainedTools
    {
        public unsafe int Size<T>(T value)
            where T : unmanaged => sizeof(T);

        public T Make<T>(string name)
            where T : class, IBaseTools, new() => new();

        public TValue Max<TValue, TOther>(TValue left, TOther right)
            where TValue : IComparable<TValue>
            where TOther : TValue => left.CompareTo(right) > 0 ? left : right;

        public T? Nothing<T>()
            where T : struct => null;
    }

    private sealed class Variant : IVariantTools<object, string>
    {
        public string Convert(object value) => $"{value}!";
    }

    private sealed class Wide : IWideTools
    {
        public string Many(
            int a, long b, short c, byte d, sbyte e, uint f, ulong g, ushort h, float i, double j, decimal k, bool l, char m,
            string n, Guid o, DateTime p, TimeSpan q, DayOfWeek r, int? s, Uri? t, CancellationToken u) => $"{a} {b} {c} {m} {n} {r}";

        public object Anything(object value) => value;

        public string[,] Grid(int[][] jagged) => new[,] { { $"{jagged.Length}" } };

        public Nested.Inner Inner(Nested.Inner inner) => inner;

        public void NoArguments()
        {
        }
    }
}
