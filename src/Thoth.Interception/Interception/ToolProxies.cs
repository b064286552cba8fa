using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Castle.DynamicProxy;

namespace Thoth.Interception.Interception;

/// <summary>
/// Creates proxies. The type of an interface's proxies is emitted once per process. The call of its constructor and the calls of the
/// tools are emitted beside it, because expressions take ten times as long to compile.
/// </summary>
/// <remarks>
/// Castle copies only attributes that subclasses do not inherit. A class that extends Castle's adds the others. Its name says that it
/// governs the interface.
/// </remarks>
internal static class ToolProxies
{
    /// <summary>Precedes the name of the type that a proxy stands before.</summary>
    public const string NamePrefix = "Governed.";

    private const string CreateMethod = "Create";

    private static readonly ProxyGenerationOptions s_options = new(new ToolsAndDisposal());
    private static readonly ConditionalWeakTable<Type, ConstructorInfo> s_types = [];
    private static readonly ConcurrentDictionary<Type, Func<IInterceptor[], object, object>> s_creators = new();

    /// <summary>Gets the constructor of an interface's proxy type, which takes interceptors and a target.</summary>
    public static ConstructorInfo GetConstructor(Type tools)
    {
        lock (EmittedModule.Gate)
        {
            if (!s_types.TryGetValue(tools, out var constructor))
            {
                s_types.Add(tools, constructor = Emit(tools));
            }

            return constructor;
        }
    }

    /// <summary>Creates a proxy.</summary>
    public static object Create(Type tools, object target, IInterceptor interceptor) =>
        s_creators.GetOrAdd(tools, GetCreator)([interceptor], target);

    /// <summary>Gets the call of a tool with an array of values, for an interface that has a proxy type.</summary>
    /// <param name="tools">The interface.</param>
    /// <param name="tool">The tool's method.</param>
    /// <param name="index">The tool's position among those of the interface.</param>
    public static Func<object, object?[], object?> GetInvoker(Type tools, MethodInfo tool, int index) =>
        EmittedInvokers.Of(GetConstructor(tools).DeclaringType!, tool, index);

    private static Func<IInterceptor[], object, object> GetCreator(Type tools) =>
        GetConstructor(tools).DeclaringType!.GetMethod(CreateMethod, BindingFlags.NonPublic | BindingFlags.Static)!
            .CreateDelegate<Func<IInterceptor[], object, object>>();

    private static ConstructorInfo Emit(Type tools)
    {
        var module = EmittedModule.Of(tools);
        var parent = module.ProxyBuilder.CreateInterfaceProxyTypeWithTargetInterface(tools, Type.EmptyTypes, s_options);
        module.MakeVisible(tools);
        var type = module.DefineType(NamePrefix + tools, parent, isSealed: false);
        EmittedAttributes.CopyToClass(tools, module, type, parentHasThem: false);
        foreach (var declaring in (Type[])[tools, .. tools.GetInterfaces()])
        {
            var map = parent.GetInterfaceMap(declaring);
            foreach (var (declaration, implementation) in map.InterfaceMethods.Zip(map.TargetMethods))
            {
                if (ProxyRules.IsOrdinary(declaration))
                {
                    EmittedMethods.Define(module, type, declaration, implementation);
                }
            }
        }

        var index = 0;
        foreach (var tool in ProxyRules.MethodsOf(tools, BindingFlags.Instance).Where(ProxyRules.IsTool))
        {
            EmittedInvokers.Define(module, type, tool, index++);
        }

        Type[] parameters = [typeof(IInterceptor[]), tools];
        var defined = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, parameters);
        var constructor = defined.GetILGenerator();
        constructor.Emit(OpCodes.Ldarg_0);
        constructor.Emit(OpCodes.Ldarg_1);
        constructor.Emit(OpCodes.Ldarg_2);
        constructor.Emit(OpCodes.Call, parent.GetConstructor(parameters)
            ?? throw new InvalidOperationException($"The proxy of '{tools}' has no constructor that takes interceptors and a target."));
        constructor.Emit(OpCodes.Ret);
        DefineCreate(type, defined, tools);
        return type.CreateType().GetConstructor(parameters)!;
    }

    /// <summary>Emits a static method that constructs a proxy, for a registration whose target only its factory knows.</summary>
    private static void DefineCreate(TypeBuilder type, ConstructorBuilder constructor, Type tools)
    {
        var code = type.DefineMethod(
            CreateMethod, MethodAttributes.Private | MethodAttributes.Static, typeof(object), [typeof(IInterceptor[]), typeof(object)]).GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Castclass, tools);
        code.Emit(OpCodes.Newobj, constructor);
        code.Emit(OpCodes.Ret);
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
