using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Castle.DynamicProxy;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

/// <summary>An internal interface of a project that lets the proxy assembly in; the project is made here, since this one does not.</summary>
public class InternalInterfaceTests
{
    private static readonly (Type Tools, Type Implementation, Type Circular) s_internal = EmitProject();

    [Test]
    public async Task InternalInterface_ProjectLetsTheProxyAssemblyIn_IsGoverned([Values("type", "factory", "instance", "keyed")] string form)
    {
        var (tools, implementation, _) = s_internal;
        await using var host = GovernedHost.Create(services => services
            .Put(form switch
            {
                "type" => new(tools, implementation, ServiceLifetime.Singleton),
                "factory" => new(tools, _ => Activator.CreateInstance(implementation)!, ServiceLifetime.Singleton),
                "instance" => new(tools, Activator.CreateInstance(implementation)!),
                _ => new(tools, 7, implementation, ServiceLifetime.Singleton),
            })
            .AddGovernedTools(type => type == tools));

        var service = form == "keyed" ? host.Services.GetRequiredKeyedService(tools, 7) : host.Services.GetRequiredService(tools);

        Assert.That(ProxyUtil.IsProxy(service), Is.True);
        Assert.That(tools.GetMethod("Run")!.Invoke(service, ["x"]), Is.EqualTo("x"));
        Assert.That(host.Enforcer.LastRequest.ToolName, Is.EqualTo("internal_tools__run"));
    }

    [Test]
    public void InternalInterface_CircularDependency_IsFoundAsBare([Values] bool keyed)
    {
        var (tools, _, circular) = s_internal;
        IServiceCollection Add() => new ServiceCollection().Put(new(tools, keyed ? "a" : null, circular, ServiceLifetime.Scoped)).Put(new(tools, circular, ServiceLifetime.Scoped));
        var bare = ContainerErrors.Of(Add());

        Assert.That(ContainerErrors.Of(Add().AddGovernedTools(type => type == tools)), Is.EqualTo(bare));
        Assert.That(bare, Has.Length.EqualTo(2).And.All.StartsWith("A circular dependency was detected for the service of type 'IInternalTools'"));
    }

    private static (Type Tools, Type Implementation, Type Circular) EmitProject()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("InternalTools"), AssemblyBuilderAccess.Run);
        assembly.SetCustomAttribute(new CustomAttributeBuilder(
            typeof(InternalsVisibleToAttribute).GetConstructor([typeof(string)])!, ["DynamicProxyGenAssembly2"]));
        var module = assembly.DefineDynamicModule("InternalTools");
        var tools = module.DefineType("IInternalTools", TypeAttributes.NotPublic | TypeAttributes.Interface | TypeAttributes.Abstract);
        const MethodAttributes Virtual = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.NewSlot;
        tools.DefineMethod("Run", Virtual | MethodAttributes.Abstract, typeof(string), [typeof(string)])
            .DefineParameter(1, ParameterAttributes.None, "text");
        var made = tools.CreateType();
        var implementation = Implementation("InternalTools").CreateType();
        var circular = Implementation("CircularTools");
        var constructor = circular.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [made]).GetILGenerator();
        constructor.Emit(OpCodes.Ldarg_0);
        constructor.Emit(OpCodes.Call, typeof(object).GetConstructor(Type.EmptyTypes)!);
        constructor.Emit(OpCodes.Ret);
        return (made, implementation, circular.CreateType());

        TypeBuilder Implementation(string name)
        {
            var type = module.DefineType(name, TypeAttributes.NotPublic, typeof(object), [made]);
            var code = type.DefineMethod("Run", Virtual, typeof(string), [typeof(string)]).GetILGenerator();
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Ret);
            return type;
        }
    }
}
