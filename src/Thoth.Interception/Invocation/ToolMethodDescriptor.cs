using System.Reflection;
using Thoth.Interception.Arguments;
using Thoth.Interception.Pipeline;
using Thoth.Interception.Sessions;

namespace Thoth.Interception.Invocation;

/// <summary>Describes one governed method: all that its calls need and share.</summary>
internal sealed class ToolMethodDescriptor
{
    private readonly int[] _byReference;
    private readonly Func<Func<object, object?[], object?>> _compile;

    /// <param name="tool">The tool.</param>
    /// <param name="method">The method.</param>
    /// <param name="compile">Compiles the call of the method; by default <see cref="ToolInvoker"/> does.</param>
    public ToolMethodDescriptor(Tool tool, MethodInfo method, Func<Func<object, object?[], object?>>? compile = null)
    {
        _compile = compile ?? (() => ToolInvoker.For(method));
        Tool = tool;
        Method = method;
        Handler = ReturnTypeHandler.For(method.ReturnType);
        Invoke = CompileAndInvoke;
        _byReference = [.. method.GetParameters().Where(p => p.ParameterType.IsByRef).Select(p => p.Position)];
    }

    public Tool Tool { get; }

    public MethodInfo Method { get; }

    public ReturnTypeHandler Handler { get; }

    /// <summary>Gets the call of the method. The first call compiles it, because an application calls few of its methods when it starts.</summary>
    public Func<object, object?[], object?> Invoke { get; private set; }

    private object? CompileAndInvoke(object target, object?[] values)
    {
        Invoke = _compile();
        return Invoke(target, values);
    }

    /// <summary>
    /// Copies the by-reference parameters to the caller's values if the tool ran on others. It is called after a throw too,
    /// since the tool may have written them before.
    /// </summary>
    public void WriteBack(object?[] from, object?[] to)
    {
        if (from != to)
        {
            foreach (var position in _byReference)
            {
                to[position] = from[position];
            }
        }
    }

    /// <summary>
    /// Whether this call is the one that was decided before, and uses the permit if so: the same method, with the same values. Values are
    /// copied if the tool gets copies.
    /// </summary>
    public bool TryUse(CallPermit permit, object?[] values)
    {
        if (permit.Method != Method || permit.ToolName != Tool.Name)
        {
            return false;
        }

        foreach (var parameter in Tool.Parameters.All)
        {
            // A placeholder says nothing about the value behind it.
            if (parameter.IsOpaque && !ReferenceEquals(values[parameter.Position], permit.Values[parameter.Position]))
            {
                return false;
            }
        }

        try
        {
            return Tool.Parameters.Serialize(values, Tool.Isolation == ArgumentIsolation.Copy ? WritingPurpose.Copy : WritingPurpose.Show).AsSpan().SequenceEqual(permit.Arguments.Span) && permit.TryUse();
        }
        catch (ArgumentNotSerializableException)
        {
            return false;
        }
    }
}
