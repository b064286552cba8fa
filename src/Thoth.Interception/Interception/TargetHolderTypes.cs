using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Thoth.Interception.Interception;

/// <summary>
/// Emits the service types of holders. A type is emitted once per process and lives as long as the implementation's type.
/// </summary>
internal static class TargetHolderTypes
{
    private static readonly ConditionalWeakTable<Type, List<Type>> s_types = [];

    /// <summary>Gets a holder type of an implementation, or a type that only names the registration of a factory.</summary>
    /// <param name="implementation">The implementation, or <see langword="null"/> for a factory.</param>
    /// <param name="ordinal">The number of the type: each registration in one container needs another.</param>
    public static Type GetHolderType(Type? implementation, int ordinal)
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
