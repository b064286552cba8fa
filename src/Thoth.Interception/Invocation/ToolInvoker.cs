using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;

namespace Thoth.Interception.Invocation;

/// <summary>
/// Compiles the call of a method with an array of values, once per method: of delegates, generic methods and by-reference parameters.
/// The calls of other tools are emitted with their proxies. Castle's invocation cannot do it: it cannot run
/// twice, on two threads, or with other arguments after an await.
/// </summary>
internal static class ToolInvoker
{
    private static readonly ConcurrentDictionary<MethodInfo, Func<object, object?[], object?>> s_compiled = new();

    /// <summary>Gets the compiled call. It takes the target and the values, and writes by-reference parameters back into the values.</summary>
    public static Func<object, object?[], object?> For(MethodInfo method) => s_compiled.GetOrAdd(method, Compile);

    private static Func<object, object?[], object?> Compile(MethodInfo method)
    {
        var target = Expression.Parameter(typeof(object), "target");
        var values = Expression.Parameter(typeof(object?[]), "values");
        var locals = new List<ParameterExpression>();
        var before = new List<Expression>();
        var after = new List<Expression>();
        var arguments = Array.ConvertAll(method.GetParameters(), parameter =>
        {
            var slot = Expression.ArrayAccess(values, Expression.Constant(parameter.Position));
            if (!parameter.ParameterType.IsByRef)
            {
                return Expression.Convert(slot, parameter.ParameterType);
            }

            var local = Expression.Variable(parameter.ParameterType.GetElementType()!, parameter.Name);
            locals.Add(local);
            if (!parameter.IsOut)
            {
                before.Add(Expression.Assign(local, Expression.Convert(slot, local.Type)));
            }

            after.Add(Expression.Assign(slot, Expression.Convert(local, typeof(object))));
            return (Expression)local;
        });

        Expression call = Expression.Call(Expression.Convert(target, method.DeclaringType!), method, arguments);
        if (method.ReturnType == typeof(void))
        {
            call = Expression.Block(call, Expression.Constant(null));
        }

        var result = Expression.Variable(typeof(object), "result");
        Expression run = Expression.Assign(result, Expression.Convert(call, typeof(object)));
        if (after.Count > 0)
        {
            // Without a proxy, the caller's variables hold what a tool wrote before it threw.
            run = Expression.TryFinally(run, Expression.Block(after));
        }

        var body = Expression.Block([.. locals, result], [.. before, run, result]);
        return Expression.Lambda<Func<object, object?[], object?>>(body, target, values).Compile();
    }
}
