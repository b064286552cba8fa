using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception;

/// <summary>
/// Makes the types of holders: each has the public constructors of one implementation, makes the implementation with their
/// arguments and keeps it. So the container chooses the constructor, finds what is missing or captive, and can be asked for
/// holders alone. Types are made once in a process, and live as long as the implementation's own.
/// </summary>
internal static class InnerServiceTypes
{
    private static readonly Lock s_gate = new();
    private static readonly ConditionalWeakTable<Type, List<Type>> s_types = [];
    private static readonly ConditionalWeakTable<AssemblyLoadContext, EmittedModule> s_modules = [];

    /// <summary>One of the holder types of an implementation, or, without one, a type that only names a registration.</summary>
    /// <param name="implementation">The implementation, or <see langword="null"/> where a factory makes it.</param>
    /// <param name="ordinal">Which one: each registration in one container needs its own.</param>
    public static Type Of(Type? implementation, int ordinal)
    {
        lock (s_gate)
        {
            var types = s_types.GetOrCreateValue(implementation ?? typeof(InnerService));
            while (types.Count <= ordinal)
            {
                types.Add(Emit(implementation));
            }

            return types[ordinal];
        }
    }

    private static Type Emit(Type? implementation)
    {
        var context = implementation is null ? null : AssemblyLoadContext.GetLoadContext(implementation.Assembly);
        var module = s_modules.GetValue(context ?? AssemblyLoadContext.Default, static context => new EmittedModule(context));
        var parent = typeof(IDisposable).IsAssignableFrom(implementation) || typeof(IAsyncDisposable).IsAssignableFrom(implementation)
            ? typeof(DisposableInnerService)
            : typeof(InnerService);

        // The container names the type in its messages: let it read as the implementation.
        var type = module.DefineType(implementation?.ToString() ?? $"{parent.FullName}OfFactory", parent);
        var constructors = implementation?.GetConstructors() ?? [];
        for (var i = 0; i < constructors.Length; i++)
        {
            DefineConstructor(module, type, parent, constructors[i], $"Make{i}");
        }

        if (constructors.Length == 0)
        {
            // Else the type would be given a public one.
            var none = type.DefineConstructor(MethodAttributes.Private, CallingConventions.Standard, Type.EmptyTypes).GetILGenerator();
            none.Emit(OpCodes.Ldnull);
            none.Emit(OpCodes.Throw);
        }

        var made = type.CreateType();
        for (var i = 0; i < constructors.Length; i++)
        {
            made.GetField($"Make{i}")!.SetValue(null, Compile(constructors[i]));
        }

        return made;
    }

    private static void DefineConstructor(EmittedModule module, TypeBuilder type, Type parent, ConstructorInfo original, string make)
    {
        var parameters = original.GetParameters();
        var constructor = type.DefineConstructor(
            MethodAttributes.Public, CallingConventions.Standard, Array.ConvertAll(parameters, parameter => parameter.ParameterType));
        var field = type.DefineField(make, typeof(Func<object?[], object>), FieldAttributes.Public | FieldAttributes.Static);
        var code = constructor.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldsfld, field);
        code.Emit(OpCodes.Ldc_I4, parameters.Length);
        code.Emit(OpCodes.Newarr, typeof(object));
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameterType = parameters[i].ParameterType;
            module.MakeVisible(parameterType.Assembly);
            Describe(constructor.DefineParameter(i + 1, parameters[i].Attributes, parameters[i].Name), parameters[i]);
            if (!IsObject(parameterType))
            {
                continue;
            }

            code.Emit(OpCodes.Dup);
            code.Emit(OpCodes.Ldc_I4, i);
            code.Emit(OpCodes.Ldarg, (short)(i + 1));
            if (parameterType.IsValueType)
            {
                code.Emit(OpCodes.Box, parameterType);
            }

            code.Emit(OpCodes.Stelem_Ref);
        }

        code.Emit(OpCodes.Call, parent.GetConstructor(
            BindingFlags.Instance | BindingFlags.NonPublic, [typeof(Func<object?[], object>), typeof(object[])])!);
        code.Emit(OpCodes.Ret);
    }

    /// <summary>What the container looks at: the default value, and which key the argument has or gets.</summary>
    private static void Describe(ParameterBuilder copy, ParameterInfo parameter)
    {
        if (parameter.HasDefaultValue)
        {
            switch (parameter.DefaultValue)
            {
                case decimal number:
                    var bits = decimal.GetBits(number);
                    copy.SetCustomAttribute(Attribute(
                        typeof(DecimalConstantAttribute), number.Scale, (byte)(decimal.IsNegative(number) ? 128 : 0), bits[2], bits[1], bits[0]));
                    break;
                case DateTime time:
                    copy.SetCustomAttribute(Attribute(typeof(DateTimeConstantAttribute), time.Ticks));
                    break;
                case var value:
                    copy.SetConstant(value);
                    break;
            }
        }

        if (parameter.IsDefined(typeof(ServiceKeyAttribute)))
        {
            copy.SetCustomAttribute(Attribute(typeof(ServiceKeyAttribute)));
        }

        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
        {
            copy.SetCustomAttribute(keyed.LookupMode == ServiceKeyLookupMode.InheritKey
                ? Attribute(typeof(FromKeyedServicesAttribute))
                : new CustomAttributeBuilder(typeof(FromKeyedServicesAttribute).GetConstructor([typeof(object)])!, [keyed.Key]));
        }
    }

    private static CustomAttributeBuilder Attribute(Type type, params object[] arguments) =>
        new(type.GetConstructor(Array.ConvertAll(arguments, argument => argument.GetType()))!, arguments);

    private static Func<object?[], object> Compile(ConstructorInfo constructor)
    {
        var arguments = Expression.Parameter(typeof(object?[]));
        var parameters = constructor.GetParameters();
        if (!Array.TrueForAll(parameters, parameter => IsObject(parameter.ParameterType)))
        {
            // Never called: the container has no service of such a type.
            return _ => throw new NotSupportedException($"'{constructor.DeclaringType}' has a constructor that no container can call.");
        }

        return Expression.Lambda<Func<object?[], object>>(
            Expression.Convert(
                Expression.New(constructor, parameters.Select((parameter, i) => Expression.Convert(
                    Expression.ArrayIndex(arguments, Expression.Constant(i)), parameter.ParameterType))),
                typeof(object)),
            arguments).Compile();
    }

    private static bool IsObject(Type type) => !type.IsByRef && !type.IsPointer && !type.IsByRefLike && !type.IsFunctionPointer;

    /// <summary>The emitted module of one load context, in which the names of a plug-in's types mean that plug-in's.</summary>
    private sealed class EmittedModule
    {
        private readonly AssemblyBuilder _assembly;
        private readonly ModuleBuilder _module;
        private readonly HashSet<string> _visible = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

        public EmittedModule(AssemblyLoadContext context)
        {
            using var scope = context.EnterContextualReflection();
            _assembly = AssemblyBuilder.DefineDynamicAssembly(
                new AssemblyName("Thoth.Interception.InnerServices"),
                context.IsCollectible ? AssemblyBuilderAccess.RunAndCollect : AssemblyBuilderAccess.Run);
            _module = _assembly.DefineDynamicModule("Thoth.Interception.InnerServices");
            MakeVisible(typeof(InnerService).Assembly);
        }

        public TypeBuilder DefineType(string name, Type parent)
        {
            var plain = name.Replace('+', '.').Replace(',', ';').Replace('[', '<').Replace(']', '>');
            var count = _names[plain] = _names.GetValueOrDefault(plain) + 1;
            return _module.DefineType(count == 1 ? plain : $"{plain} ({count})", TypeAttributes.Public | TypeAttributes.Sealed, parent);
        }

        /// <summary>Constructors of non-public types, and parameters of such types, are none of the runtime's access checks' business.</summary>
        public void MakeVisible(Assembly assembly)
        {
            var name = assembly.GetName().Name!;
            if (_visible.Add(name))
            {
                _assembly.SetCustomAttribute(new CustomAttributeBuilder(
                    typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!, [name]));
            }
        }
    }
}
