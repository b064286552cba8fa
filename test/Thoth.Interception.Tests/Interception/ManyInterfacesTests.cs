using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Castle.DynamicProxy;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

/// <summary>More interfaces than one emitted module takes: their proxies refer to types of several modules with types in common.</summary>
public class ManyInterfacesTests
{
    private const int Count = 130;

    private static readonly (Type Tools, Type Implementation)[] s_types = Emit();

    [Test]
    public async Task Interfaces_OfSeveralModules_AreAllGovernedAndRun([Values] bool byType)
    {
        await using var host = GovernedHost.Create(services => Add(services, byType).AddGovernedTools(type => type.Name.StartsWith("IMany", StringComparison.Ordinal)));
        Assert.Multiple(() =>
        {
            for (var i = 0; i < Count; i++)
            {
                var service = host.Services.GetRequiredService(s_types[i].Tools);
                Assert.That(ProxyUtil.IsProxy(service), Is.True);
                Assert.That(s_types[i].Tools.GetMethod("Run")!.Invoke(service, ["x", null]), Is.EqualTo("x"));
                Assert.That(host.Enforcer.LastRequest.ToolName, Is.EqualTo($"many{i}__run"));
            }
        });
    }

    [Test]
    public async Task ProxyTypes_OfSeveralModulesAndCollections_HaveNamesOfTheirOwn()
    {
        await using var host = GovernedHost.Create(Govern);
        await using var other = GovernedHost.Create(Govern);

        var names = s_types.SelectMany(pair => (string[])[NameIn(host, pair.Tools), NameIn(other, pair.Tools)]).Distinct();

        Assert.That(names, Is.Unique.And.All.StartsWith("Governed.Many").And.Exactly(Count).Items, "one type per implementation serves both collections");

        static void Govern(IServiceCollection services) =>
            Add(services, byType: true).AddGovernedTools(type => type.Name.StartsWith("IMany", StringComparison.Ordinal));
        static string NameIn(GovernedHost host, Type tools) => host.Services.GetRequiredService(tools).GetType().FullName!;
    }

    [Test]
    public async Task Constructor_OfATransientService_RunsEachTimeAndThrowsItsOwnException()
    {
        var failures = new Failures();
        await using var host = GovernedHost.Create(services => services.AddSingleton(failures).AddGovernedTools<IMade, Made>(ServiceLifetime.Transient));

        failures.Next = new InvalidTimeZoneException("first");
        Assert.That(() => host.Get<IMade>(), Throws.TypeOf<InvalidTimeZoneException>());
        failures.Next = new InvalidTimeZoneException("second");
        Assert.That(() => host.Get<IMade>(), Throws.TypeOf<InvalidTimeZoneException>());
        failures.Next = null;
        var numbers = Enumerable.Range(0, 3).Select(_ => host.Get<IMade>().Number()).ToArray();

        Assert.That(numbers, Is.EqualTo((int[])[3, 4, 5]));
    }

    [Test]
    public async Task FirstCalls_OnManyThreads_RunTheToolOnceEach()
    {
        var tools = new Counting();
        await using var host = GovernedHost.For<ICounting>(tools);
        var proxy = host.Get<ICounting>();

        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => proxy.AddAsync(1))));

        Assert.That(tools.Sum, Is.EqualTo(64));
    }

    private static IServiceCollection Add(IServiceCollection services, bool byType)
    {
        foreach (var (tools, implementation) in s_types)
        {
            services.Put(byType
                ? new(tools, implementation, ServiceLifetime.Transient)
                : new(tools, _ => Activator.CreateInstance(implementation)!, ServiceLifetime.Transient));
        }

        return services;
    }

    /// <summary>Makes internal and public interfaces. The internal ones take an array of lists of an internal type of another assembly.</summary>
    private static (Type Tools, Type Implementation)[] Emit()
    {
        var module = OpenModule("ManyTools");
        var hidden = OpenModule("ManyParts").DefineType("Hidden", TypeAttributes.NotPublic);
        var internalParameter = typeof(List<>).MakeGenericType(hidden.CreateType()).MakeArrayType();
        const MethodAttributes Virtual = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.NewSlot;
        var types = new (Type, Type)[Count];
        for (var i = 0; i < Count; i++)
        {
            var isPublic = i % 2 == 0;
            Type[] parameters = [typeof(string), isPublic ? typeof(string) : internalParameter];
            var tools = module.DefineType(
                $"IMany{i}", (isPublic ? TypeAttributes.Public : TypeAttributes.NotPublic) | TypeAttributes.Interface | TypeAttributes.Abstract);
            var run = tools.DefineMethod("Run", Virtual | MethodAttributes.Abstract, typeof(string), parameters);
            run.DefineParameter(1, ParameterAttributes.None, "text");
            run.DefineParameter(2, ParameterAttributes.None, "more");
            var made = tools.CreateType();
            var implementation = module.DefineType($"Many{i}", TypeAttributes.NotPublic, typeof(object), [made]);
            var code = implementation.DefineMethod("Run", Virtual, typeof(string), parameters).GetILGenerator();
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Ret);
            types[i] = (made, implementation.CreateType());
        }

        return types;
    }

    /// <summary>Makes a module of an assembly that lets the proxy assembly in.</summary>
    private static ModuleBuilder OpenModule(string name)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(name), AssemblyBuilderAccess.Run);
        assembly.SetCustomAttribute(new CustomAttributeBuilder(
            typeof(InternalsVisibleToAttribute).GetConstructor([typeof(string)])!, ["DynamicProxyGenAssembly2"]));
        return assembly.DefineDynamicModule(name);
    }

    public interface IMade
    {
        int Number();
    }

    public interface ICounting
    {
        Task AddAsync(int number);
    }

    public sealed class Failures
    {
        public Exception? Next { get; set; }

        public int Constructed { get; set; }
    }

    public sealed class Made : IMade
    {
        private readonly int _number;

        public Made(Failures failures)
        {
            _number = ++failures.Constructed;
            if (failures.Next is { } failure)
            {
                throw failure;
            }
        }

        public int Number() => _number;
    }

    private sealed class Counting : ICounting
    {
        private int _sum;

        public int Sum => _sum;

        public Task AddAsync(int number)
        {
            Interlocked.Add(ref _sum, number);
            return Task.CompletedTask;
        }
    }
}
