using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Castle.DynamicProxy;

namespace Thoth.Interception.Interception;

/// <summary>
/// A module for emitted types of one load context, so that type names in it resolve to the types of the same plug-in. It takes a
/// bounded number of types, because each type of a module costs the runtime more than the one before.
/// </summary>
internal sealed class EmittedModule
{
    private const int MaxTypes = 50;

    private static readonly ConditionalWeakTable<AssemblyLoadContext, StrongBox<EmittedModule>> s_current = [];
    private static readonly ConditionalWeakTable<Type, EmittedModule> s_collectible = [];

    private static int s_count;

    private readonly AssemblyBuilder _assembly;
    private readonly ModuleBuilder _module;
    private readonly HashSet<Assembly> _visibleAssemblies = [];
    private readonly HashSet<string> _visibleNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _names;
    private int _types;

    /// <param name="context">The load context.</param>
    /// <param name="names">The names in use, which all modules of the context share.</param>
    private EmittedModule(AssemblyLoadContext context, Dictionary<string, int> names)
    {
        _names = names;

        // The runtime resolves references between emitted types by the assembly's name, so each assembly has its own.
        var name = $"Thoth.Interception.InnerServices.{++s_count}";
        using var scope = context.EnterContextualReflection();
        _assembly = AssemblyBuilder.DefineDynamicAssembly(
            new AssemblyName(name), context.IsCollectible ? AssemblyBuilderAccess.RunAndCollect : AssemblyBuilderAccess.Run);
        _module = _assembly.DefineDynamicModule(name);
        MakeVisible(typeof(TargetHolder));
    }

    /// <summary>The lock of all code that emits, because a module is not thread-safe.</summary>
    public static Lock Gate { get; } = new();

    /// <summary>
    /// Gets the builder of the Castle proxy types that types of this module extend. Castle's assemblies all have one name, so a module
    /// can refer to one of them only.
    /// </summary>
    public DefaultProxyBuilder ProxyBuilder { get; } = new(new ModuleScope());

    /// <summary>Gets the module for the emitted types of an implementation, or of factories.</summary>
    public static EmittedModule Of(Type? implementation)
    {
        var context = implementation is null ? null : AssemblyLoadContext.GetLoadContext(implementation.Assembly);

        // A module for the whole collectible context would keep that context alive, and the context would keep the module. So
        // each of its types has a module.
        return context is { IsCollectible: true }
            ? s_collectible.GetValue(implementation!, _ => new EmittedModule(context, NoNames()))
            : CurrentOf(context ?? AssemblyLoadContext.Default);
    }

    /// <summary>Defines a type whose name in the container's messages reads as the given name.</summary>
    public TypeBuilder DefineType(string name, Type parent, bool isSealed = true)
    {
        MakeVisible(parent);
        _types++;
        var plain = name.Replace('+', '.').Replace(',', ';').Replace('[', '<').Replace(']', '>');
        var count = _names[plain] = _names.GetValueOrDefault(plain) + 1;
        var attributes = TypeAttributes.Public | (isSealed ? TypeAttributes.Sealed : default);
        return _module.DefineType(count == 1 ? plain : $"{plain} ({count})", attributes, parent);
    }

    private static EmittedModule CurrentOf(AssemblyLoadContext context)
    {
        var current = s_current.GetValue(context, static context => new StrongBox<EmittedModule>(new EmittedModule(context, NoNames())));
        return current.Value!._types < MaxTypes ? current.Value : current.Value = new EmittedModule(context, current.Value._names);
    }

    private static Dictionary<string, int> NoNames() => new(StringComparer.Ordinal);

    /// <summary>Disables the runtime's access checks for the assemblies of a type and of its type arguments.</summary>
    public void MakeVisible(Type type)
    {
        if (type.HasElementType)
        {
            MakeVisible(type.GetElementType()!);
            return;
        }

        if (_visibleAssemblies.Add(type.Assembly) && type.Assembly.GetName().Name! is var name && _visibleNames.Add(name))
        {
            _assembly.SetCustomAttribute(new CustomAttributeBuilder(
                typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!, [name]));
        }

        if (type.IsGenericType)
        {
            Array.ForEach(type.GetGenericArguments(), MakeVisible);
        }
    }
}
