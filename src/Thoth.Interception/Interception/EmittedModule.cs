using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Thoth.Interception.Interception;

/// <summary>The emitted module of one load context, so that type names in it resolve to the types of the same plug-in.</summary>
internal sealed class EmittedModule
{
    private static readonly ConditionalWeakTable<AssemblyLoadContext, EmittedModule> s_modules = [];
    private static readonly ConditionalWeakTable<Type, EmittedModule> s_collectible = [];

    private readonly AssemblyBuilder _assembly;
    private readonly ModuleBuilder _module;
    private readonly HashSet<string> _visibleAssemblies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    private EmittedModule(AssemblyLoadContext context)
    {
        using var scope = context.EnterContextualReflection();
        _assembly = AssemblyBuilder.DefineDynamicAssembly(
            new AssemblyName("Thoth.Interception.InnerServices"),
            context.IsCollectible ? AssemblyBuilderAccess.RunAndCollect : AssemblyBuilderAccess.Run);
        _module = _assembly.DefineDynamicModule("Thoth.Interception.InnerServices");
        MakeVisible(typeof(TargetHolder));
    }

    /// <summary>The lock of all code that emits, because a module is not thread-safe.</summary>
    public static Lock Gate { get; } = new();

    /// <summary>Gets the module for the emitted types of an implementation, or of factories.</summary>
    public static EmittedModule Of(Type? implementation)
    {
        var context = implementation is null ? null : AssemblyLoadContext.GetLoadContext(implementation.Assembly);

        // A module for the whole collectible context would keep that context alive, and the context would keep the module. So
        // each of its types has a module.
        return context is { IsCollectible: true }
            ? s_collectible.GetValue(implementation!, _ => new EmittedModule(context))
            : s_modules.GetValue(context ?? AssemblyLoadContext.Default, static context => new EmittedModule(context));
    }

    /// <summary>Defines a type whose name in the container's messages reads as the given name.</summary>
    public TypeBuilder DefineType(string name, Type parent, bool isSealed = true)
    {
        MakeVisible(parent);
        var plain = name.Replace('+', '.').Replace(',', ';').Replace('[', '<').Replace(']', '>');
        var count = _names[plain] = _names.GetValueOrDefault(plain) + 1;
        var attributes = TypeAttributes.Public | (isSealed ? TypeAttributes.Sealed : default);
        return _module.DefineType(count == 1 ? plain : $"{plain} ({count})", attributes, parent);
    }

    /// <summary>Disables the runtime's access checks for the assemblies of a type and of its type arguments.</summary>
    public void MakeVisible(Type type)
    {
        var name = type.Assembly.GetName().Name!;
        if (_visibleAssemblies.Add(name))
        {
            _assembly.SetCustomAttribute(new CustomAttributeBuilder(
                typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!, [name]));
        }

        foreach (var argument in type.GetGenericArguments())
        {
            MakeVisible(argument);
        }
    }
}
