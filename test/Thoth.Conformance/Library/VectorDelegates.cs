using System.Reflection;
using System.Reflection.Emit;

namespace Thoth.Conformance.Library;

/// <summary>
/// Types of functions whose parameters have the names that a case needs; the compiler's own only have those that somebody
/// has written down. Every parameter is optional, as far as a case's call may leave it out.
/// </summary>
internal static class VectorDelegates
{
    private static readonly Lock s_lock = new();
    private static readonly ModuleBuilder s_module = AssemblyBuilder
        .DefineDynamicAssembly(new AssemblyName("Thoth.Conformance.Tools"), AssemblyBuilderAccess.Run)
        .DefineDynamicModule("Tools");

    private static int s_count;

    /// <summary>A function of these parameters and a cancellation token, which returns a task of an object.</summary>
    public static Type Create(IReadOnlyList<VectorParameter> parameters)
    {
        lock (s_lock)
        {
            var type = s_module.DefineType(
                $"Tool{++s_count}", TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Class, typeof(MulticastDelegate));
            type.DefineConstructor(
                MethodAttributes.Public | MethodAttributes.HideBySig | MethodAttributes.RTSpecialName, CallingConventions.Standard, [typeof(object), typeof(nint)])
                .SetImplementationFlags(MethodImplAttributes.Runtime);
            var invoke = type.DefineMethod(
                "Invoke", MethodAttributes.Public | MethodAttributes.HideBySig | MethodAttributes.NewSlot | MethodAttributes.Virtual,
                typeof(Task<object?>), [.. parameters.Select(parameter => parameter.Type), typeof(CancellationToken)]);
            invoke.SetImplementationFlags(MethodImplAttributes.Runtime);
            for (var i = 0; i < parameters.Count; i++)
            {
                var optional = parameters[i].IsOptional ? ParameterAttributes.Optional | ParameterAttributes.HasDefault : ParameterAttributes.None;
                var parameter = invoke.DefineParameter(i + 1, optional, parameters[i].Name);
                if (parameters[i].IsOptional)
                {
                    parameter.SetConstant(null);
                }
            }

            invoke.DefineParameter(parameters.Count + 1, ParameterAttributes.None, "cancellationToken");
            return type.CreateType();
        }
    }
}
