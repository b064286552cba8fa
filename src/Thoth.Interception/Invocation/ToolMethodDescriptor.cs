using System.Reflection;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Invocation;

/// <summary>Everything that a call of one method needs, made before the first call.</summary>
internal sealed class ToolMethodDescriptor
{
    private readonly int[] _byReference;

    public ToolMethodDescriptor(Tool tool, MethodInfo method)
    {
        Tool = tool;
        Shape = ReturnTypeHandler.For(method.ReturnType);
        Invoke = ToolInvoker.For(method);
        _byReference = [.. method.GetParameters().Where(p => p.ParameterType.IsByRef).Select(p => p.Position)];
    }

    public Tool Tool { get; }

    public ReturnTypeHandler Shape { get; }

    public Func<object, object?[], object?> Invoke { get; }

    /// <summary>Hands what the tool wrote to by-reference parameters, also before it threw, to the caller where it ran on other values.</summary>
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
}
