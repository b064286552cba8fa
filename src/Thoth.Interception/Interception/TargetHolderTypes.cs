using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Thoth.Interception.Interception;

/// <summary>
/// Makes the types of holders, for which the container can be asked alone. Types are made once in a process, and live as long
/// as the implementation's own.
/// </summary>
internal static class TargetHolderTypes
{
    private static readonly ConditionalWeakTable<Type, List<Type>> s_types = [];

    /// <summary>One of the holder types of an implementation, or, without one, a type that only names a registration.</summary>
    /// <param name="implementation">The implementation, or <see langword="null"/> where a factory makes it.</param>
    /// <param name="ordinal">Which one: each registration in one container needs its own.</param>
    public static Type Of(Type? implementation, int ordinal)
    {
        lock (EmittedModule.Gate)
        {
            var types = s_types.GetOrCreateValue(implementation ?? typeof(TargetHolder));
            while (types.Count <= ordinal)
            {
                types.Add(Emit(implementation));
            }

            return types[ordinal];
        }
    }

    private static Type Emit(Type? implementation)
    {
        var module = EmittedModule.Of(implementation);
        var parent = ServiceDisposal.IsFor(implementation) ? typeof(DisposableTargetHolder) : typeof(TargetHolder);
        var type = module.DefineType(implementation?.ToString() ?? $"{parent.FullName}OfFactory", parent);
        var constructor = parent.GetConstructor([typeof(object)])!;
        return EmittedConstructors.Create(
            module, type, implementation, first: null, static _ => { }, code => code.Emit(OpCodes.Call, constructor));
    }
}
