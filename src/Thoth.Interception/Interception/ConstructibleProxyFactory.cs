using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Castle.DynamicProxy;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Interception;

/// <summary>
/// Makes proxy types that the container makes objects of itself: each extends the proxy type of an interface, has the public
/// constructors of one implementation and makes the implementation behind the proxy. A registration by type so stays one, and
/// the container sees through it what it saw before. Types are made once in a process, and live as long as the implementation's own.
/// </summary>
internal static class ConstructibleProxyFactory
{
    private static readonly ConditionalWeakTable<Type, Dictionary<(Type Tools, int Ordinal), Type>> s_types = [];
    private static readonly ConditionalWeakTable<Type, Type> s_implementations = [];

    /// <summary>One of the proxy types of an interface and an implementation.</summary>
    /// <param name="tools">The interface.</param>
    /// <param name="implementation">The implementation.</param>
    /// <param name="ordinal">Which one: each plan of the interface in one container needs its own.</param>
    public static Type Of(Type tools, Type implementation, int ordinal)
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

    /// <summary>What a type of these makes behind the proxy; <see langword="null"/> for any other type.</summary>
    public static Type? ImplementationOf(Type type) => s_implementations.TryGetValue(type, out var implementation) ? implementation : null;

    /// <summary>The registration of the interceptor that the constructors of a type of these take.</summary>
    public static ServiceDescriptor InterceptorOf(Type proxy, InterfaceDescriptor plan)
    {
        var type = typeof(ProxyInterceptor<>).MakeGenericType(proxy);
        return ServiceDescriptor.Singleton(
            type, provider => Activator.CreateInstance(type, provider.GetRequiredService<ToolCallPipeline>(), plan, provider)!);
    }

    private static Type Emit(Type tools, Type implementation)
    {
        var module = EmittedModule.Of(implementation);
        var constructor = ToolProxies.ConstructorOf(tools);
        var interceptors = typeof(GovernanceInterceptor).GetProperty(nameof(GovernanceInterceptor.Alone))!.GetMethod!;
        module.MakeVisible(tools);
        var type = module.DefineType(implementation.ToString(), constructor.DeclaringType!);
        if (ServiceDisposal.IsFor(implementation))
        {
            // Also where the service is disposable asynchronously only: the container is told what it says of the service itself.
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

    /// <summary>The container knows the proxy alone: its disposal, by the container or by a caller, is that of the service.</summary>
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
