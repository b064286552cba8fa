using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Thoth.Interception.Interception;

/// <summary>The emitted module of one load context, in which the names of a plug-in's types mean that plug-in's.</summary>
internal sealed class EmittedModule
{
    private static readonly ConditionalWeakTable<AssemblyLoadContext, EmittedModule> s_modules = [];
    private static readonly ConditionalWeakTable<Type, EmittedModule> s_collectible = [];

    private readonly AssemblyBuilder _assembly;
    private readonly ModuleBuilder _module;
    private readonly HashSet<string> _visible = new(StringComparer.Ordinal);
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

    /// <summary>Held by whoever emits: a module is for one thread at a time.</summary>
    public static Lock Gate { get; } = new();

    /// <summary>The module for the types that stand for an implementation, or for factories.</summary>
    public static EmittedModule Of(Type? implementation)
    {
        var context = implementation is null ? null : AssemblyLoadContext.GetLoadContext(implementation.Assembly);

        // The runtime holds a context until all of it is collected: a module kept by it would keep it in turn.
        return context is { IsCollectible: true }
            ? s_collectible.GetValue(implementation!, _ => new EmittedModule(context))
            : s_modules.GetValue(context ?? AssemblyLoadContext.Default, static context => new EmittedModule(context));
    }

    /// <summary>Begins a type that reads as its name where the container names it in a message.</summary>
    public TypeBuilder DefineType(string name, Type parent)
    {
        MakeVisible(parent);
        var plain = name.Replace('+', '.').Replace(',', ';').Replace('[', '<').Replace(']', '>');
        var count = _names[plain] = _names.GetValueOrDefault(plain) + 1;
        return _module.DefineType(count == 1 ? plain : $"{plain} ({count})", TypeAttributes.Public | TypeAttributes.Sealed, parent);
    }

    /// <summary>Non-public types, their constructors and parameters of such types are none of the runtime's access checks' business.</summary>
    public void MakeVisible(Type type)
    {
        var name = type.Assembly.GetName().Name!;
        if (_visible.Add(name))
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
