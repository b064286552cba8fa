using System.Reflection;
using System.Reflection.Emit;
using Thoth.Interception.Invocation;

namespace Thoth.Interception.Interception;

/// <summary>
/// Emits static methods that call a tool with an array of values, beside the proxy's own methods. The runtime compiles them at the first
/// call, in a tenth of the time that <see cref="ToolInvoker"/> takes. Methods that are rare stay with that one.
/// </summary>
internal static class EmittedInvokers
{
    public static void Define(EmittedModule module, TypeBuilder type, MethodInfo tool, int index)
    {
        if (!IsEmitted(tool))
        {
            return;
        }

        module.MakeVisible(tool.DeclaringType!);
        var method = type.DefineMethod(
            NameOf(index), MethodAttributes.Private | MethodAttributes.Static, typeof(object), [typeof(object), typeof(object?[])]);
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Castclass, tool.DeclaringType!);
        foreach (var parameter in tool.GetParameters())
        {
            module.MakeVisible(parameter.ParameterType);
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Ldc_I4, parameter.Position);
            code.Emit(OpCodes.Ldelem_Ref);
            code.Emit(OpCodes.Unbox_Any, parameter.ParameterType);
        }

        code.Emit(OpCodes.Callvirt, tool);
        if (tool.ReturnType == typeof(void))
        {
            code.Emit(OpCodes.Ldnull);
        }
        else if (tool.ReturnType.IsValueType)
        {
            module.MakeVisible(tool.ReturnType);
            code.Emit(OpCodes.Box, tool.ReturnType);
        }

        code.Emit(OpCodes.Ret);
    }

    /// <summary>Gets the call of a tool.</summary>
    /// <param name="type">The type that has the emitted methods.</param>
    /// <param name="tool">The tool's method.</param>
    /// <param name="index">The tool's position in the interface.</param>
    public static Func<object, object?[], object?> Of(Type type, MethodInfo tool, int index) => IsEmitted(tool)
        ? type.GetMethod(NameOf(index), BindingFlags.NonPublic | BindingFlags.Static)!.CreateDelegate<Func<object, object?[], object?>>()
        : ToolInvoker.For(tool);

    /// <summary>A generic method is compiled for each of its closings, and a by-reference parameter is written back after a throw too.</summary>
    private static bool IsEmitted(MethodInfo tool) =>
        !tool.IsGenericMethod && !Array.Exists(tool.GetParameters(), static parameter => parameter.ParameterType.IsByRef);

    private static string NameOf(int index) => $"Invoke{index}";
}
