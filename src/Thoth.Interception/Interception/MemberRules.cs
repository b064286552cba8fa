using System.Collections;
using System.Reflection;
using Castle.DynamicProxy;
using Thoth.Interception.Invocation;

namespace Thoth.Interception.Interception;

/// <summary>Which members of an interface are tools, and which of those no proxy can govern.</summary>
internal static class MemberRules
{
    /// <summary>Why no proxy of the interface can be made at all, and the way out; <see langword="null"/> where one can.</summary>
    public static string? ObstacleIn(Type tools)
    {
        if (!tools.IsInterface)
        {
            return "it is no interface, and only calls through an interface can be intercepted; extract one and register the service under it";
        }

        if (tools.ContainsGenericParameters)
        {
            return "it is an open generic type, which the container fills only with open types, and no proxy is one; " +
                "register and govern each closed type that is used";
        }

        if (InvisiblePartOf(tools) is { } part)
        {
            return (part == tools ? "it" : $"its type argument '{part}'") + " is not visible to the proxy assembly; make it " +
                (part.IsNested ? "and what it is nested in " : "") +
                "public, or internal with [assembly: InternalsVisibleTo(\"DynamicProxyGenAssembly2\")] in its project";
        }

        foreach (var method in MethodsOf(tools, BindingFlags.Static))
        {
            if (method.IsAbstract)
            {
                return $"its static abstract member '{method.Name}' cannot be implemented by a proxy; move it to another interface";
            }
        }

        return null;
    }

    /// <summary>The interface's own methods and those of all interfaces that it extends.</summary>
    public static IEnumerable<MethodInfo> MethodsOf(Type tools, BindingFlags kind)
    {
        foreach (var type in (Type[])[tools, .. tools.GetInterfaces()])
        {
            foreach (var method in type.GetMethods(kind | BindingFlags.Public | BindingFlags.NonPublic))
            {
                yield return method;
            }
        }
    }

    /// <summary>
    /// Property and event accessors, disposal and what the author took out are no tools. A sealed or private default member
    /// is none either: like an extension method it runs on the proxy, and what it calls there is governed.
    /// </summary>
    public static bool IsTool(MethodInfo method) =>
        !method.IsSpecialName && method.IsVirtual && !method.IsFinal && !IsDisposal(method) && !method.IsDefined(typeof(UngovernedAttribute));

    public static bool IsDisposal(MethodInfo method) =>
        method.DeclaringType == typeof(IDisposable) || method.DeclaringType == typeof(IAsyncDisposable);

    /// <summary>Why calls of an interface's method cannot be governed, and the way out; <see langword="null"/> where they can.</summary>
    public static string? ObstacleIn(MethodInfo method) =>
        ProxyUtil.IsAccessible(method)
            ? ObstacleInSignature(method)
            : "it is not visible to the proxy assembly; make it public, or add " +
                "[assembly: InternalsVisibleTo(\"DynamicProxyGenAssembly2\")] to its project";

    /// <summary>The same for a function, which needs no proxy: the compiler's own delegate types, of lambdas with optional parameters, are internal.</summary>
    public static string? ObstacleInSignature(MethodInfo method)
    {
        var result = method.ReturnType;
        if (result.IsByRef)
        {
            return "it returns by reference, which no proxy can intercept; return a value, or mark it [Ungoverned]";
        }

        if (IsStackOnly(result))
        {
            return $"it returns '{NameOf(result)}', which cannot be boxed for an interceptor; return a Memory<T> or an array, or mark it [Ungoverned]";
        }

        foreach (var parameter in method.GetParameters())
        {
            if (IsStackOnly(parameter.ParameterType))
            {
                return $"its parameter '{parameter.Name}' is a '{NameOf(parameter.ParameterType)}', which cannot be boxed for an interceptor; " +
                    "take a Memory<T> or an array, or mark it [Ungoverned]";
            }

            if (parameter.ParameterType.IsByRef && ReturnTypeHandler.OutlivesTheCall(result))
            {
                return $"its by-reference parameter '{parameter.Name}' cannot be written back once the call has returned; " +
                    "return the value in the result, or mark it [Ungoverned]";
            }
        }

        return ObstacleInResult(result);
    }

    private static string? ObstacleInResult(Type result)
    {
        if (typeof(IEnumerator).IsAssignableFrom(result) || Implements(result, typeof(IAsyncEnumerator<>)))
        {
            return "it returns an enumerator, whose body would run after the call; return the sequence instead, or mark it [Ungoverned]";
        }

        if (typeof(Task).IsAssignableFrom(result) && result != typeof(Task) && result.GetGenericTypeDefinitionOrNull() != typeof(Task<>))
        {
            return $"it returns '{NameOf(result)}', a task type of its own; return Task or Task<T>, or mark it [Ungoverned]";
        }

        return !ReturnTypeHandler.OutlivesTheCall(result) && result.GetMethod("GetAwaiter", Type.EmptyTypes) is not null
            ? $"it returns the custom awaitable '{NameOf(result)}', whose body would run after the call; return Task or Task<T>, or mark it [Ungoverned]"
            : null;
    }

    /// <summary>Castle looks at a type alone; what it is nested in, and all that its type arguments are made of, must be visible too.</summary>
    private static Type? InvisiblePartOf(Type type)
    {
        if (type.HasElementType)
        {
            return InvisiblePartOf(type.GetElementType()!);
        }

        for (var outer = type; outer is not null; outer = outer.DeclaringType)
        {
            if (!ProxyUtil.IsAccessible(outer))
            {
                return type;
            }
        }

        return type.GetGenericArguments().Select(InvisiblePartOf).FirstOrDefault(part => part is not null);
    }

    /// <summary>The type as it is written in code, without its namespace.</summary>
    private static string NameOf(Type type) =>
        type.IsByRef ? NameOf(type.GetElementType()!)
        : type.IsFunctionPointer ? type.ToString()
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;

    private static bool IsStackOnly(Type type)
    {
        var plain = type.HasElementType && type.IsByRef ? type.GetElementType()! : type;
        return plain.IsByRefLike || plain.IsPointer || plain.IsFunctionPointer
            || (plain.IsGenericParameter && plain.GenericParameterAttributes.HasFlag(GenericParameterAttributes.AllowByRefLike));
    }

    private static bool Implements(Type type, Type definition) =>
        type.GetGenericTypeDefinitionOrNull() == definition
        || Array.Exists(type.GetInterfaces(), i => i.GetGenericTypeDefinitionOrNull() == definition);

    private static Type? GetGenericTypeDefinitionOrNull(this Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : null;
}
