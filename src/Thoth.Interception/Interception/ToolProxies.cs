using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using Castle.DynamicProxy;

namespace Thoth.Interception.Interception;

/// <summary>
/// Creates proxies. One generator serves the process, because a generator per proxy would leak one dynamic assembly each. The
/// generated constructor is compiled once per interface.
/// </summary>
internal static class ToolProxies
{
    private static readonly ProxyGenerator s_generator = new();
    private static readonly ProxyGenerationOptions s_options = new(new ToolsAndDisposal());
    private static readonly ConcurrentDictionary<Type, Func<IInterceptor[], object, object>> s_constructors = new();

    /// <summary>Gets the constructor of an interface's proxy type, which takes interceptors and a target.</summary>
    public static ConstructorInfo GetConstructor(Type tools) =>
        s_generator.ProxyBuilder.CreateInterfaceProxyTypeWithTargetInterface(tools, Type.EmptyTypes, s_options)
            .GetConstructor([typeof(IInterceptor[]), tools])
            ?? throw new InvalidOperationException($"The proxy of '{tools}' has no constructor that takes interceptors and a target.");

    /// <summary>Creates a proxy.</summary>
    public static object Create(Type tools, object target, IInterceptor interceptor) =>
        s_constructors.GetOrAdd(tools, CompileConstructor)([interceptor], target);

    private static Func<IInterceptor[], object, object> CompileConstructor(Type tools)
    {
        var interceptors = Expression.Parameter(typeof(IInterceptor[]));
        var target = Expression.Parameter(typeof(object));
        return Expression.Lambda<Func<IInterceptor[], object, object>>(
            Expression.New(GetConstructor(tools), interceptors, Expression.Convert(target, tools)), interceptors, target).Compile();
    }

    /// <summary>Intercepts tools and disposals. The proxy forwards all other members itself, also those whose arguments cannot be boxed.</summary>
    private sealed class ToolsAndDisposal : IProxyGenerationHook
    {
        public void MethodsInspected()
        {
        }

        public void NonProxyableMemberNotification(Type type, MemberInfo memberInfo)
        {
        }

        public bool ShouldInterceptMethod(Type type, MethodInfo methodInfo) =>
            ProxyRules.IsTool(methodInfo) || ProxyRules.IsDisposal(methodInfo);

        // Castle caches proxy types by their options, so unequal hooks would make a new type each time.
        public override bool Equals(object? obj) => obj is ToolsAndDisposal;

        public override int GetHashCode() => typeof(ToolsAndDisposal).GetHashCode();
    }
}
