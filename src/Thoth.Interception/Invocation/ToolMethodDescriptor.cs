using System.Reflection;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Invocation;

/// <summary>Describes one governed method: all that its calls need and share.</summary>
internal sealed class ToolMethodDescriptor
{
    private readonly int[] _byReference;

    public ToolMethodDescriptor(Tool tool, MethodInfo method)
    {
        Tool = tool;
        Handler = ReturnTypeHandler.For(method.ReturnType);
        Invoke = ToolInvoker.For(method);
        _byReference = [.. method.GetParameters().Where(p => p.ParameterType.IsByRef).Select(p => p.Position)];
    }

    public Tool Tool { get; }

    public ReturnTypeHandler Handler { get; }

    public Func<object, object?[], object?> Invoke { get; }

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
}
