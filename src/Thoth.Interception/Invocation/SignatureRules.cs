using System.Collections;
using System.Reflection;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Invocation;

/// <summary>Tells which parameters and return types a governed call can have, through a proxy or a wrapped delegate.</summary>
internal static class SignatureRules
{
    /// <summary>The reason why calls with this signature cannot be governed, with the remedy; <see langword="null"/> if they can.</summary>
    public static string? ObstacleIn(MethodInfo method)
    {
        var result = method.ReturnType;
        if (result.IsByRef)
        {
            return "it returns by reference, which no proxy can intercept; return a value, or mark it [Ungoverned]";
        }

        if (IsStackOnly(result))
        {
            return $"it returns '{TypeNameFormatter.Of(result)}', which cannot be boxed for an interceptor; " +
                "return a Memory<T> or an array, or mark it [Ungoverned]";
        }

        foreach (var parameter in method.GetParameters())
        {
            if (IsStackOnly(parameter.ParameterType))
            {
                return $"its parameter '{parameter.Name}' is a '{TypeNameFormatter.Of(parameter.ParameterType)}', " +
                    "which cannot be boxed for an interceptor; take a Memory<T> or an array, or mark it [Ungoverned]";
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
            return $"it returns '{TypeNameFormatter.Of(result)}', which derives from Task; return Task or Task<T>, or mark it [Ungoverned]";
        }

        return !ReturnTypeHandler.OutlivesTheCall(result) && result.GetMethod("GetAwaiter", Type.EmptyTypes) is not null
            ? $"it returns the custom awaitable '{TypeNameFormatter.Of(result)}', whose body would run after the call; " +
                "return Task or Task<T>, or mark it [Ungoverned]"
            : null;
    }

    private static bool IsStackOnly(Type type)
    {
        var plain = type.IsByRef ? type.GetElementType()! : type;
        return plain.IsByRefLike || plain.IsPointer || plain.IsFunctionPointer
            || (plain.IsGenericParameter && plain.GenericParameterAttributes.HasFlag(GenericParameterAttributes.AllowByRefLike));
    }

    private static bool Implements(Type type, Type definition) =>
        type.GetGenericTypeDefinitionOrNull() == definition
        || Array.Exists(type.GetInterfaces(), i => i.GetGenericTypeDefinitionOrNull() == definition);

    private static Type? GetGenericTypeDefinitionOrNull(this Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : null;
}
