using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;
using DescriptionAttribute = System.ComponentModel.DescriptionAttribute;

namespace Thoth.Interception.Tests.Interception;

/// <summary>A proxy says about its members what the interface says: agents describe tools to a model by it.</summary>
public class ProxyAttributeTests
{
    private static readonly string[] s_compilerContext = [typeof(NullableContextAttribute).FullName!];

    [TestCase(true)]
    [TestCase(false)]
    public async Task Delegate_OfAGovernedService_ShowsTheDescriptions(bool byType)
    {
        await using var host = Host<ILibrary, Library>(byType);
        Func<string, int, Task<string?>> find = host.Get<ILibrary>().FindAsync;

        var method = find.Method;

        Assert.Multiple(() =>
        {
            Assert.That(method.Name, Is.EqualTo(nameof(ILibrary.FindAsync)));
            Assert.That(method.GetCustomAttribute<DescriptionAttribute>()?.Description, Is.EqualTo("Finds a book."));
            Assert.That(method.GetParameters().Select(p => p.GetCustomAttribute<DescriptionAttribute>()?.Description), Is.EqualTo((string[])["The title.", "At most so many."]));
            Assert.That(method.ReturnParameter.GetCustomAttribute<DescriptionAttribute>()?.Description, Is.EqualTo("The shelf."));
            Assert.That(method.GetParameters()[1].DefaultValue, Is.EqualTo(3));
        });
        Assert.That(await find("a", 1), Is.EqualTo("a1"));
        Assert.That(host.LastArguments, Is.EqualTo("""{"title":"a","limit":1}"""));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Methods_OfEveryShape_HaveEachAttributeOnceAndRun(bool byType)
    {
        await using var host = Host<IShapes, Shapes>(byType);
        var tools = host.Get<IShapes>();
        var type = tools.GetType();

        Assert.Multiple(() =>
        {
            foreach (var declaring in (Type[])[typeof(IShapes), .. typeof(IShapes).GetInterfaces()])
            {
                var map = type.GetInterfaceMap(declaring);
                foreach (var (declared, emitted) in map.InterfaceMethods.Zip(map.TargetMethods).Where(pair => !pair.First.IsSpecialName))
                {
                    Assert.That(Shown(emitted), Is.EquivalentTo(Shown(declared)), $"{declared}");
                    Assert.That(Inherited(emitted), Is.EquivalentTo(Inherited(declared)), $"{declared}");
                    Assert.That(Shown(emitted.ReturnParameter), Is.EquivalentTo(Shown(declared.ReturnParameter)), $"{declared}");
                    foreach (var (from, to) in declared.GetParameters().Zip(emitted.GetParameters()))
                    {
                        Assert.That((to.Name, to.Attributes, to.RawDefaultValue), Is.EqualTo((from.Name, from.Attributes, from.RawDefaultValue)), $"{declared}");
                        Assert.That(Shown(to), Is.EquivalentTo(Shown(from)), $"{declared} {from}");
                    }

                    foreach (var (from, to) in declared.GetGenericArguments().Zip(emitted.GetGenericArguments()))
                    {
                        Assert.That((to.Name, to.GenericParameterAttributes), Is.EqualTo((from.Name, from.GenericParameterAttributes)));
                        Assert.That(
                            to.GetGenericParameterConstraints().Select(c => c.Name), Is.EquivalentTo(from.GetGenericParameterConstraints().Select(c => c.Name)));
                        Assert.That(Shown(to), Is.EquivalentTo(Shown(from)));
                    }
                }
            }
        });
        var (number, text) = (1, "");
        Assert.Multiple(() =>
        {
            Assert.That(tools.Modifiers(in number, ref text, out var length), Is.EqualTo("1"));
            Assert.That((text, length), Is.EqualTo(("changed", 7)));
            Assert.That(tools.Convert<string, List<string>>("a"), Is.EqualTo((string[])["a"]));
            Assert.That(tools.Sum(1, 2, 3), Is.EqualTo(6));
            Assert.That(tools.Pairs([(1, "a")]), Is.EqualTo((1, "a")));
            Assert.That(tools.Length("abc"), Is.EqualTo(3));
            Assert.That(((IFirst)tools).Same(), Is.EqualTo("first"));
            Assert.That(((ISecond)tools).Same(), Is.EqualTo("second"));
            Assert.That(tools.Default(), Is.EqualTo("default"));
            Assert.That(tools.Value, Is.EqualTo(5));
        });
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Nullability_OfEveryMethod_IsThatOfTheInterface(bool byType)
    {
        await using var host = Host<ILibrary, Library>(byType);
        var map = host.Get<ILibrary>().GetType().GetInterfaceMap(typeof(ILibrary));
        var nullability = new NullabilityInfoContext();

        Assert.Multiple(() =>
        {
            foreach (var (declared, emitted) in map.InterfaceMethods.Zip(map.TargetMethods))
            {
                foreach (var (from, to) in Parts(declared).Zip(Parts(emitted)))
                {
                    Assert.That(States(nullability.Create(to)), Is.EqualTo(States(nullability.Create(from))), $"{declared} {from}");
                }
            }

            Assert.That(States(nullability.Create(map.TargetMethods.Single(m => m.Name == "FindAsync").ReturnParameter)), Is.EqualTo("NotNull<Nullable<>>"));
        });

        static IEnumerable<ParameterInfo> Parts(MethodInfo method) => [method.ReturnParameter, .. method.GetParameters()];
        static string States(NullabilityInfo info) => $"{info.ReadState}<{string.Join(",", info.GenericTypeArguments.Select(States))}>";
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task TheInterfacesOwnAttributes_AreOnTheProxyOnce(bool byType)
    {
        await using var host = Host<ILibrary, Library>(byType);

        var type = host.Get<ILibrary>().GetType();

        Assert.Multiple(() =>
        {
            Assert.That(type.GetCustomAttributes<DescriptionAttribute>().Select(a => a.Description), Is.EqualTo((string[])["A library."]));
            Assert.That(type.GetCustomAttributes<TagAttribute>().Select(a => a.Name), Is.EquivalentTo((string[])["a", "b"]));
            Assert.That(type.GetCustomAttributes<OwnAttribute>(), Has.Exactly(1).Items);
            Assert.That(type.GetCustomAttributes<InterfaceOnlyAttribute>(), Is.Empty, "a class cannot have it");
        });
    }

    [TestCase(true, "Governed.Thoth.Interception.Tests.Interception.ProxyAttributeTests.Library")]
    [TestCase(false, "Governed.Thoth.Interception.Tests.Interception.ProxyAttributeTests.ILibrary")]
    public async Task TheTypeOfAProxy_SaysWhatItGoverns(bool byType, string name)
    {
        await using var host = Host<ILibrary, Library>(byType);
        var tools = host.Get<ILibrary>();

        Assert.That(tools.ToString(), Does.StartWith(name).And.Not.Contain("Castle"));
        Assert.That(() => (Library)tools, Throws.TypeOf<InvalidCastException>().With.Message.Contain($"'{tools.GetType()}' to type '").And.Message.Not.Contain("[A]"));
    }

    private static GovernedHost Host<TTools, TImplementation>(bool byType)
        where TTools : class
        where TImplementation : class, TTools, new() =>
        GovernedHost.Create(services => (byType
            ? services.AddSingleton<TTools, TImplementation>()
            : services.AddSingleton<TTools>(_ => new TImplementation())).AddGovernedTools<TTools>());

    private static IEnumerable<string> Shown(MemberInfo member) => member.GetCustomAttributesData().Where(IsNoContext).Select(a => $"{a}");

    private static IEnumerable<string> Inherited(MemberInfo member) =>
        member.GetCustomAttributes(inherit: true).Select(a => $"{a}").Where(a => !s_compilerContext.Contains(a));

    private static IEnumerable<string> Shown(ParameterInfo parameter) => parameter.GetCustomAttributesData().Select(a => $"{a}");

    private static bool IsNoContext(CustomAttributeData attribute) => !s_compilerContext.Contains(attribute.AttributeType.FullName);

    [AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
    internal sealed class TagAttribute(string name, params object?[] more) : Attribute
    {
        public string Name => name;

        public object?[] More => more;

        public Type? Kind { get; set; }

        public DayOfWeek[]? Days;
    }

    [AttributeUsage(AttributeTargets.All, Inherited = false)]
    public sealed class OwnAttribute : Attribute;

    [AttributeUsage(AttributeTargets.Interface)]
    public sealed class InterfaceOnlyAttribute : Attribute;

    [Description("A library.")]
    [Tag("a")]
    [Tag("b")]
    [Own]
    [InterfaceOnly]
    public interface ILibrary
    {
        [Description("Finds a book.")]
        [return: Description("The shelf.")]
        Task<string?> FindAsync([Description("The title.")] string title, [Description("At most so many.")] int limit = 3);

        void Put(string book, string? shelf, List<string?>? tags);

        string Plain(string text);
    }

    public interface IFirst
    {
        [Description("first")]
        [GovernedTool("first")]
        string Same();
    }

    public interface ISecond
    {
        [Description("second")]
        [GovernedTool("second")]
        string Same();
    }

    public interface IShapes : IFirst, ISecond, IDisposable
    {
        [Tag("x", 1, "a", DayOfWeek.Friday, typeof(int), null, new[] { 1, 2 }, Kind = typeof(List<string>), Days = [DayOfWeek.Monday])]
        [Tag("y")]
        [Own]
        string Modifiers([Tag("in")] in int number, [Tag("ref")] ref string text, [Tag("out")] out int length);

        [return: Tag("r")]
        TList Convert<[Tag("T")] T, TList>([Tag("value")] T value)
            where T : class, IEnumerable<char>
            where TList : List<T>, new();

        int Sum([Tag("all")] params int[] numbers);

        (int Id, string Name) Pairs((int Id, string Name)[] pairs, DayOfWeek? day = DayOfWeek.Friday, decimal price = 1.5m, CancellationToken token = default, Guid? id = null);

        [Ungoverned]
        [Description("spans")]
        int Length([Tag("span")] ReadOnlySpan<char> text);

        [Ungoverned]
        ref int Reference([Tag("index")] int index);

        [Description("default")]
        string Default() => "default";

        [Description("property")]
        int Value { get; }
    }

    public sealed class Library : ILibrary
    {
        public Task<string?> FindAsync(string title, int limit) => Task.FromResult<string?>($"{title}{limit}");

        public void Put(string book, string? shelf, List<string?>? tags)
        {
        }

        public string Plain(string text) => text;
    }

    public sealed class Shapes : IShapes
    {
        private readonly int[] _numbers = [0];

        public int Value => 5;

        string IFirst.Same() => "first";

        string ISecond.Same() => "second";

        public string Modifiers(in int number, ref string text, out int length)
        {
            text = "changed";
            length = text.Length;
            return $"{number}";
        }

        public TList Convert<T, TList>(T value)
            where T : class, IEnumerable<char>
            where TList : List<T>, new() => [value];

        public int Sum(params int[] numbers) => numbers.Sum();

        public (int Id, string Name) Pairs((int Id, string Name)[] pairs, DayOfWeek? day, decimal price, CancellationToken token, Guid? id) => pairs[0];

        public int Length(ReadOnlySpan<char> text) => text.Length;

        public ref int Reference(int index) => ref _numbers[index];

        public void Dispose()
        {
        }
    }
}
