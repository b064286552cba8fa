using System.Collections;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Tests.Interception;

public class RejectionTests
{
    private const string OrInternal = "public, or internal with [assembly: InternalsVisibleTo(\"DynamicProxyGenAssembly2\")] in its project.";

    public interface IRefReturn
    {
        ref int Get();
    }

    public interface IRefReadonlyReturn
    {
        ref readonly int Get();
    }

    public interface ISpanParameter
    {
        void Put(Span<byte> bytes);
    }

    public interface IInSpanParameter
    {
        void Put(in ReadOnlySpan<char> text);
    }

    public interface ISpanReturn
    {
        ReadOnlySpan<char> Get();
    }

    public interface IOwnStackType
    {
        void Put(StackOnly value);
    }

    public interface IGenericStackType
    {
        void Put<T>(T value)
            where T : allows ref struct;
    }

    public unsafe interface IPointerParameter
    {
        void Put(int* pointer);
    }

    public unsafe interface IFunctionPointerReturn
    {
        delegate*<int> Get();
    }

    public interface IStaticAbstract
    {
        static abstract void Create();

        void Run();
    }

    public interface ICustomAwaitable
    {
        ConfiguredTaskAwaitable GetAsync();
    }

    public interface IYield
    {
        YieldAwaitable GetAsync();
    }

    public interface IOwnTask
    {
        OwnTask GetAsync();
    }

    public interface IOwnTaskOfT
    {
        OwnTask<string> GetAsync();
    }

    public interface IOwnTaskOfTwo
    {
        OwnTask<string, int> GetAsync();
    }

    public interface IEnumeratorReturn
    {
        IEnumerator<int> Get();
    }

    public interface IUntypedEnumeratorReturn
    {
        IEnumerator Get();
    }

    public interface IAsyncEnumeratorReturn
    {
        IAsyncEnumerator<int> Get();
    }

    public interface IOutOnTask
    {
        Task GetAsync(out int count);
    }

    public interface IRefOnGenericValueTask
    {
        ValueTask<T> GetAsync<T>(ref T value);
    }

    public interface IInOnSequence
    {
        IEnumerable<int> Get(in int count);
    }

    public interface IRefOnAsyncSequence
    {
        IAsyncEnumerable<int> GetAsync(ref int count);
    }

    public interface IBlankName
    {
        [GovernedTool(" ")]
        void Run();
    }

    public interface IDottedName
    {
        [GovernedTool("files.read")]
        void Run();
    }

    public interface ILongName
    {
        [GovernedTool("a23456789_b23456789_c23456789_d23456789_e23456789_f23456789_65_ch")]
        void Run();
    }

    public interface IInternalMember
    {
        internal void Run();
    }

    public interface IOpen<T>
    {
        void Run(T value);
    }

    public interface IInherited : IRefReturn;

    internal interface IInternal
    {
        void Run();
    }

    private interface IPrivate
    {
        void Run();
    }

    [TestCase(typeof(IRefReturn), "Get", "it returns by reference, which no proxy can intercept; return a value, or mark it [Ungoverned].")]
    [TestCase(typeof(IRefReadonlyReturn), "Get", "it returns by reference, which no proxy can intercept; return a value, or mark it [Ungoverned].")]
    [TestCase(typeof(IInherited), "Get", "it returns by reference, which no proxy can intercept; return a value, or mark it [Ungoverned].")]
    [TestCase(typeof(ISpanParameter), "Put", "its parameter 'bytes' is a 'Span<Byte>', which cannot be boxed for an interceptor; take a Memory<T> or an array, or mark it [Ungoverned].")]
    [TestCase(typeof(IInSpanParameter), "Put", "its parameter 'text' is a 'ReadOnlySpan<Char>', which cannot be boxed for an interceptor; take a Memory<T> or an array, or mark it [Ungoverned].")]
    [TestCase(typeof(IOwnStackType), "Put", "its parameter 'value' is a 'RejectionTests.StackOnly', which cannot be boxed for an interceptor; take a Memory<T> or an array, or mark it [Ungoverned].")]
    [TestCase(typeof(IGenericStackType), "Put", "its parameter 'value' is a 'T', which cannot be boxed for an interceptor; take a Memory<T> or an array, or mark it [Ungoverned].")]
    [TestCase(typeof(IPointerParameter), "Put", "its parameter 'pointer' is a 'Int32*', which cannot be boxed for an interceptor; take a Memory<T> or an array, or mark it [Ungoverned].")]
    [TestCase(typeof(ISpanReturn), "Get", "it returns 'ReadOnlySpan<Char>', which cannot be boxed for an interceptor; return a Memory<T> or an array, or mark it [Ungoverned].")]
    [TestCase(typeof(IFunctionPointerReturn), "Get", "it returns 'System.Int32()', which cannot be boxed for an interceptor; return a Memory<T> or an array, or mark it [Ungoverned].")]
    [TestCase(typeof(ICustomAwaitable), "GetAsync", "it returns the custom awaitable 'ConfiguredTaskAwaitable', whose body would run after the call; return Task or Task<T>, or mark it [Ungoverned].")]
    [TestCase(typeof(IYield), "GetAsync", "it returns the custom awaitable 'YieldAwaitable', whose body would run after the call; return Task or Task<T>, or mark it [Ungoverned].")]
    [TestCase(typeof(IOwnTask), "GetAsync", "it returns 'RejectionTests.OwnTask', which derives from Task; return Task or Task<T>, or mark it [Ungoverned].")]
    [TestCase(typeof(IOwnTaskOfT), "GetAsync", "it returns 'RejectionTests.OwnTask<String>', which derives from Task; return Task or Task<T>, or mark it [Ungoverned].")]
    [TestCase(typeof(IOwnTaskOfTwo), "GetAsync", "it returns 'RejectionTests.OwnTask<String, Int32>', which derives from Task; return Task or Task<T>, or mark it [Ungoverned].")]
    [TestCase(typeof(IEnumeratorReturn), "Get", "it returns an enumerator, whose body would run after the call; return the sequence instead, or mark it [Ungoverned].")]
    [TestCase(typeof(IUntypedEnumeratorReturn), "Get", "it returns an enumerator, whose body would run after the call; return the sequence instead, or mark it [Ungoverned].")]
    [TestCase(typeof(IAsyncEnumeratorReturn), "Get", "it returns an enumerator, whose body would run after the call; return the sequence instead, or mark it [Ungoverned].")]
    [TestCase(typeof(IOutOnTask), "GetAsync", "its by-reference parameter 'count' cannot be written back once the call has returned; return the value in the result, or mark it [Ungoverned].")]
    [TestCase(typeof(IRefOnGenericValueTask), "GetAsync", "its by-reference parameter 'value' cannot be written back once the call has returned; return the value in the result, or mark it [Ungoverned].")]
    [TestCase(typeof(IInOnSequence), "Get", "its by-reference parameter 'count' cannot be written back once the call has returned; return the value in the result, or mark it [Ungoverned].")]
    [TestCase(typeof(IRefOnAsyncSequence), "GetAsync", "its by-reference parameter 'count' cannot be written back once the call has returned; return the value in the result, or mark it [Ungoverned].")]
    [TestCase(typeof(IBlankName), "Run", "its tool name is blank; give it one with [GovernedTool(\"name\")].")]
    [TestCase(typeof(IDottedName), "Run", "its tool name 'files.read' has characters that models do not accept, which are all but A-Z, a-z, 0-9, '_' and '-'; give it another with [GovernedTool(\"name\")] or options.ToolNameSelector.")]
    [TestCase(typeof(ILongName), "Run", "its tool name 'a23456789_b23456789_c23456789_d23456789_e23456789_f23456789_65_ch' has 65 characters, and models accept at most 64; give it another with [GovernedTool(\"name\")] or options.ToolNameSelector.")]
    [TestCase(typeof(IInternalMember), "Run", "it is not visible to the proxy assembly; make it public, or add [assembly: InternalsVisibleTo(\"DynamicProxyGenAssembly2\")] to its project.")]
    public void AddGovernedTools_MemberThatCannotBeGoverned_NamesInterfaceMemberReasonAndWayOut(Type tools, string member, string reason) =>
        AssertRefused(tools, $"'{tools}.{member}' cannot be governed: {reason}");

    [Test]
    public void AddGovernedTools_StaticAbstractMember_IsRefused() => AssertRefused(
        typeof(IStaticAbstract),
        $"'{typeof(IStaticAbstract)}' cannot be governed: its static abstract member 'Create' cannot be implemented by a proxy; " +
        "move it to another interface.");

    [TestCase(typeof(IInternalTopLevel), "")]
    [TestCase(typeof(IInternal), "and its containing types ")]
    [TestCase(typeof(IPrivate), "and its containing types ")]
    [TestCase(typeof(InternalHolder.INested), "and its containing types ")]
    public void AddGovernedTools_InterfaceThatTheProxyCannotSee_IsRefused(Type tools, string nesting) =>
        AssertRefused(tools, $"'{tools}' cannot be governed: it is not visible to the proxy assembly; make it {nesting}{OrInternal}");

    [Test]
    public void AddGovernedTools_TypeArgumentThatTheProxyCannotSee_IsRefused() => AssertRefused(
        typeof(IOpen<InternalHolder>),
        $"'{typeof(IOpen<InternalHolder>)}' cannot be governed: its type argument '{typeof(InternalHolder)}' is not visible to the proxy assembly; " +
        $"make it {OrInternal}");

    [Test]
    public void AddGovernedTools_TypeArgumentWithinAnotherThatTheProxyCannotSee_IsRefused() => Assert.That(
        () => new ServiceCollection().AddSingleton(_ => (IOpen<List<InternalHolder[]>>)null!).AddGovernedTools<IOpen<List<InternalHolder[]>>>(),
        Throws.InvalidOperationException.With.Message.Contains($"its type argument '{typeof(InternalHolder)}' is not visible"));

    [Test]
    public void AddGovernedTools_OpenGeneric_IsRefused() => AssertRefused(
        typeof(IOpen<>), $"'{typeof(IOpen<>)}' cannot be governed: it is an open generic type, and a proxy can only implement a closed one; " +
            "register and govern each closed type that is used.",
        typeof(Open<>));

    [Test]
    public void AddGovernedTools_Class_IsRefused() => Assert.That(
        () => new ServiceCollection().AddSingleton<OwnTask>().AddGovernedTools<OwnTask>(),
        Throws.InvalidOperationException.With.Message.EqualTo(
            $"'{typeof(OwnTask)}' cannot be governed: it is not an interface, and only calls through an interface can be intercepted; " +
            "extract one and register the service under it."));

    [Test]
    public void AddGovernedTools_NotRegistered_IsRefused() => Assert.That(
        () => new ServiceCollection().AddGovernedTools<IBlankName>(),
        Throws.InvalidOperationException.With.Message.EqualTo(
            $"'{typeof(IBlankName)}' is not registered. Register its implementation before AddGovernedTools."));

    [Test]
    public void AddGovernedTools_BlankNameFromTheOptions_IsRefused() => Assert.That(
        () => new ServiceCollection().AddSingleton(_ => (IOpen<int>)null!).AddGovernedTools<IOpen<int>>(o => o.ToolNameSelector = _ => " "),
        Throws.InvalidOperationException.With.Message.EqualTo(
            $"'{typeof(IOpen<int>)}.Run' cannot be governed: its tool name is blank; give it one with [GovernedTool(\"name\")]."));

    [Test]
    public void AddGovernedTools_NameFromTheOptionsThatModelsDoNotAccept_IsRefused() => Assert.That(
        () => new ServiceCollection().AddSingleton(_ => (IOpen<int>)null!).AddGovernedTools<IOpen<int>>(o => o.ToolNameSelector = m => $"open.{m.Name}"),
        Throws.InvalidOperationException.With.Message.StartsWith(
            $"'{typeof(IOpen<int>)}.Run' cannot be governed: its tool name 'open.Run' has characters that models do not accept"));

    [Test]
    public void AddGovernedTools_ImplementationOfSomethingElse_IsRefused([Values] bool instance)
    {
        var services = new ServiceCollection();
        services.Insert(0, instance ? new(typeof(IOpen<int>), "text") : new(typeof(IOpen<int>), typeof(string), ServiceLifetime.Singleton));

        Assert.That(() => services.AddGovernedTools<IOpen<int>>(), Throws.InvalidOperationException.With.Message.EqualTo(
            $"'{typeof(IOpen<int>)}' cannot be governed: it is registered with 'System.String', which does not implement it; " +
            "register a class that does."));
    }

    [Test]
    public void AddGovernedTools_ImplementationThatCannotBeMade_IsRefused() => Assert.That(
        () => new ServiceCollection().AddKeyedSingleton<IOpen<int>, Abstract>("a").AddGovernedTools<IOpen<int>>(),
        Throws.InvalidOperationException.With.Message.EqualTo(
            $"'{typeof(IOpen<int>)}' cannot be governed: it is registered with '{typeof(Abstract)}', which cannot be instantiated; " +
            "register a class that is neither abstract nor an open generic type."));

    private static void AssertRefused(Type tools, string message, Type? implementation = null)
    {
        var services = new ServiceCollection();
        ((ICollection<ServiceDescriptor>)services).Add(implementation is null
            ? new ServiceDescriptor(tools, _ => null!, ServiceLifetime.Singleton)
            : new ServiceDescriptor(tools, implementation, ServiceLifetime.Singleton));
        var before = services.Count(descriptor => descriptor.ServiceType == tools);

        Assert.That(
            () => services.AddGovernedTools(type => type == tools), Throws.InvalidOperationException.With.Message.EqualTo(message));
        Assert.That(services.Count(descriptor => descriptor.ServiceType == tools), Is.EqualTo(before));
    }

    public readonly ref struct StackOnly;

    public class OwnTask() : Task(() => { });

    public class OwnTask<T>(Func<T> body) : Task<T>(body);

    public class OwnTask<T, TOther>(Func<T> body) : Task<T>(body)
    {
        public TOther? Other { get; init; }
    }

    private abstract class Abstract : IOpen<int>
    {
        public abstract void Run(int value);
    }

    private sealed class Open<T> : IOpen<T>
    {
        public void Run(T value)
        {
        }
    }
}

internal sealed class InternalHolder
{
    public interface INested
    {
        void Run();
    }
}

internal interface IInternalTopLevel
{
    void Run();
}
