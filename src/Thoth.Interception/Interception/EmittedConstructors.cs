using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Interception;

/// <summary>
/// Gives an emitted type the public constructors of an implementation, each of which constructs the implementation with its arguments.
/// So the container chooses among them as it would for the implementation, and finds missing, captive and circular dependencies.
/// </summary>
internal static class EmittedConstructors
{
    /// <summary>Completes an emitted type.</summary>
    /// <param name="module">The module of the type.</param>
    /// <param name="type">The type.</param>
    /// <param name="implementation">The type that the constructors construct, or <see langword="null"/> for a type without constructors.</param>
    /// <param name="first">The type of a parameter before the implementation's, or <see langword="null"/>.</param>
    /// <param name="begin">Emits code that pushes the arguments of the parent's constructor before the implementation.</param>
    /// <param name="end">Emits the call of the parent's constructor, with the implementation as the last argument on the stack.</param>
    public static Type Create(
        EmittedModule module, TypeBuilder type, Type? implementation, Type? first, Action<ILGenerator> begin, Action<ILGenerator> end)
    {
        var constructors = implementation?.GetConstructors() ?? [];
        for (var i = 0; i < constructors.Length; i++)
        {
            var make = type.DefineField(FieldOf(i), typeof(Func<object?[], object>), FieldAttributes.Public | FieldAttributes.Static);
            Define(module, type, constructors[i].GetParameters(), make, first, begin, end);
        }

        if (constructors.Length == 0)
        {
            // Without a constructor the type would get a public one.
            var none = type.DefineConstructor(MethodAttributes.Private, CallingConventions.Standard, Type.EmptyTypes).GetILGenerator();
            none.Emit(OpCodes.Ldnull);
            none.Emit(OpCodes.Throw);
        }

        var made = type.CreateType();
        for (var i = 0; i < constructors.Length; i++)
        {
            var field = made.GetField(FieldOf(i))!;
            field.SetValue(null, (Func<object?[], object>)new UncompiledConstructor(constructors[i], field).Make);
        }

        return made;
    }

    private static string FieldOf(int constructor) => $"Make{constructor}";

    private static void Define(
        EmittedModule module, TypeBuilder type, ParameterInfo[] parameters, FieldBuilder make, Type? first,
        Action<ILGenerator> begin, Action<ILGenerator> end)
    {
        Type[] added = first is null ? [] : [first];
        var constructor = type.DefineConstructor(
            MethodAttributes.Public, CallingConventions.Standard, [.. added, .. parameters.Select(parameter => parameter.ParameterType)]);
        var code = constructor.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        begin(code);
        code.Emit(OpCodes.Ldsfld, make);
        code.Emit(OpCodes.Ldc_I4, parameters.Length);
        code.Emit(OpCodes.Newarr, typeof(object));
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameterType = parameters[i].ParameterType;
            var position = added.Length + i + 1;
            module.MakeVisible(parameterType);
            Describe(constructor.DefineParameter(position, parameters[i].Attributes, parameters[i].Name), parameters[i]);
            if (!IsObject(parameterType))
            {
                continue;
            }

            code.Emit(OpCodes.Dup);
            code.Emit(OpCodes.Ldc_I4, i);
            code.Emit(OpCodes.Ldarg, (short)position);
            if (parameterType.IsValueType)
            {
                code.Emit(OpCodes.Box, parameterType);
            }

            code.Emit(OpCodes.Stelem_Ref);
        }

        code.Emit(OpCodes.Callvirt, typeof(Func<object?[], object>).GetMethod("Invoke")!);
        end(code);
        code.Emit(OpCodes.Ret);
    }

    /// <summary>Copies what the container reads of a parameter: the default value and the attributes for keys.</summary>
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

    /// <summary>
    /// Constructs the first object by reflection, as the container does, and compiles the constructor for the second. A singleton needs
    /// no compiled one.
    /// </summary>
    private sealed class UncompiledConstructor(ConstructorInfo constructor, FieldInfo field)
    {
        private int _calls;

        public object Make(object?[] arguments)
        {
            if (Interlocked.Increment(ref _calls) == 1)
            {
                return constructor.Invoke(BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
            }

            var compiled = Compile(constructor);
            field.SetValue(null, compiled);
            return compiled(arguments);
        }
    }

    private static Func<object?[], object> Compile(ConstructorInfo constructor)
    {
        var arguments = Expression.Parameter(typeof(object?[]));
        var parameters = constructor.GetParameters();
        if (!Array.TrueForAll(parameters, parameter => IsObject(parameter.ParameterType)))
        {
            // Never called: the container has no service of such a type, for example of a pointer.
            return _ => throw new NotSupportedException(
                $"A constructor of '{constructor.DeclaringType}' has a parameter that a container cannot provide. Give the class another one.");
        }

        return Expression.Lambda<Func<object?[], object>>(
            Expression.Convert(
                Expression.New(constructor, parameters.Select((parameter, i) => Expression.Convert(
                    Expression.ArrayIndex(arguments, Expression.Constant(i)), parameter.ParameterType))),
                typeof(object)),
            arguments).Compile();
    }

    private static bool IsObject(Type type) => !type.IsByRef && !type.IsPointer && !type.IsByRefLike && !type.IsFunctionPointer;
}
