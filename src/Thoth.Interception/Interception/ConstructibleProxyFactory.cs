using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Castle.DynamicProxy;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Interception;

/// <summary>
/// Emits proxy types that the container can construct. Each extends the proxy type of an interface and has the public constructors of
/// one implementation, which it constructs as its target. So a registration by type stays one, and the container validates the same
/// dependencies as before. A type is emitted once per process and lives as long as the implementation's type.
/// </summary>
internal static class ConstructibleProxyFactory
{
    private static readonly ConditionalWeakTable<Type, Dictionary<(Type Tools, int Ordinal), Type>> s_types = [];
    private static readonly ConditionalWeakTable<Type, Type> s_implementations = [];

    /// <summary>Gets a proxy type of an interface and an implementation.</summary>
    /// <param name="tools">The interface.</param>
    /// <param name="implementation">The implementation.</param>
    /// <param name="ordinal">The number of the type: each descriptor of the interface in one container needs another.</param>
    public static Type GetProxyType(Type tools, Type implementation, int ordinal)
    {
        lock (EmittedModule.Gate)
        {
            var types = s_types.GetOrCreateValue(implementation);
            if (!types.TryGetValue((tools, ordinal), out var type))
            {
                types.Add((tools, ordinal), type = Emit(tools, implementation));
                s_implementations.Add(type, implementation);
            }

            return type;
        }
    }

    /// <summary>Gets the implementation that a proxy type constructs; <see langword="null"/> for any other type.</summary>
    public static Type? ImplementationOf(Type type) => s_implementations.TryGetValue(type, out var implementation) ? implementation : null;

    /// <summary>Creates the registration of the interceptor that the constructors of a proxy type take.</summary>
    public static ServiceDescriptor InterceptorOf(Type proxy, InterfaceDescriptor interfaceDescriptor)
    {
        var type = typeof(ProxyInterceptor<>).MakeGenericType(proxy);
        return ServiceDescriptor.Singleton(
            type, provider => Activator.CreateInstance(type, provider.GetRequiredService<ToolCallPipeline>(), interfaceDescriptor, provider)!);
    }

    private static Type Emit(Type tools, Type implementation)
    {
        var module = EmittedModule.Of(implementation);
        var constructor = ToolProxies.GetConstructor(tools);
        var interceptors = typeof(GovernanceInterceptor).GetProperty(nameof(GovernanceInterceptor.AsArray))!.GetMethod!;
        module.MakeVisible(tools);
        var type = module.DefineType(ToolProxies.NamePrefix + implementation, constructor.DeclaringType!);
        EmittedAttributes.CopyToClass(tools, module, type, parentHasThem: true);
        if (ServiceDisposal.IsFor(implementation))
        {
            // Also if the service is only IAsyncDisposable: a synchronous disposal then fails as it would for the service itself.
            DefineDisposal(type, typeof(IDisposable), nameof(ServiceDisposal.Dispose));
        }

        if (typeof(IAsyncDisposable).IsAssignableFrom(implementation))
        {
            DefineDisposal(type, typeof(IAsyncDisposable), nameof(ServiceDisposal.DisposeAsync));
        }

        return EmittedConstructors.Create(
            module, type, implementation, typeof(ProxyInterceptor<>).MakeGenericType(type),
            code =>
            {
                code.Emit(OpCodes.Ldarg_1);
                code.Emit(OpCodes.Call, interceptors);
            },
            code =>
            {
                code.Emit(OpCodes.Castclass, tools);
                code.Emit(OpCodes.Call, constructor);
            });
    }

    /// <summary>Passes the disposal of the proxy, by the container or by a caller, on to the service, which the container does not know.</summary>
    private static void DefineDisposal(TypeBuilder type, Type disposable, string name)
    {
        var declaration = disposable.GetMethod(name)!;
        type.AddInterfaceImplementation(disposable);
        var method = type.DefineMethod(
            $"{disposable.FullName}.{name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            declaration.ReturnType, Type.EmptyTypes);
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Callvirt, typeof(IProxyTargetAccessor).GetMethod(nameof(IProxyTargetAccessor.DynProxyGetTarget))!);
        code.Emit(OpCodes.Call, typeof(ServiceDisposal).GetMethod(name)!);
        code.Emit(OpCodes.Ret);
        type.DefineMethodOverride(method, declaration);
    }
}
