using System.Reflection;
using System.Reflection.Emit;

namespace Thoth.Interception.Interception;

/// <summary>
/// Emits methods that pass their call on to the same method of the parent class, with the names, default values and attributes of an
/// interface's method. A delegate of a proxy has such a method, and agents read descriptions from it.
/// </summary>
internal static class EmittedMethods
{
    /// <summary>Implements a method of an interface once more.</summary>
    /// <param name="module">The module of the type.</param>
    /// <param name="type">The type.</param>
    /// <param name="declaration">The interface's method.</param>
    /// <param name="implementation">The parent's method.</param>
    public static void Define(EmittedModule module, TypeBuilder type, MethodInfo declaration, MethodInfo implementation)
    {
        var method = type.DefineMethod(
            implementation.Name,
            MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot);
        var typeArguments = DefineTypeParameters(module, method, declaration.GetGenericArguments());
        var parameters = declaration.GetParameters();
        method.SetSignature(
            Close(declaration.ReturnType, typeArguments), Required(declaration.ReturnParameter), Optional(declaration.ReturnParameter),
            Array.ConvertAll(parameters, parameter => Close(parameter.ParameterType, typeArguments)),
            Array.ConvertAll(parameters, Required), Array.ConvertAll(parameters, Optional));

        module.MakeVisible(declaration.ReturnType);
        Describe(module, method.DefineParameter(0, declaration.ReturnParameter.Attributes, null), declaration.ReturnParameter);
        foreach (var parameter in parameters)
        {
            module.MakeVisible(parameter.ParameterType);
            Describe(module, method.DefineParameter(parameter.Position + 1, parameter.Attributes, parameter.Name), parameter);
        }

        EmittedAttributes.Copy(declaration.GetCustomAttributesData(), module, method.SetCustomAttribute);
        EmittedAttributes.CopyNullableContext(declaration, module, method);
        EmitCall(method.GetILGenerator(), typeArguments.Length == 0 ? implementation : implementation.MakeGenericMethod(typeArguments), parameters.Length);
        type.DefineMethodOverride(method, declaration);
    }

    private static void EmitCall(ILGenerator code, MethodInfo method, int parameters)
    {
        for (var i = 0; i <= parameters; i++)
        {
            code.Emit(OpCodes.Ldarg, (short)i);
        }

        code.Emit(OpCodes.Call, method);
        code.Emit(OpCodes.Ret);
    }

    private static void Describe(EmittedModule module, ParameterBuilder copy, ParameterInfo parameter)
    {
        EmittedAttributes.Copy(parameter.GetCustomAttributesData(), module, copy.SetCustomAttribute);
        if (parameter.Attributes.HasFlag(ParameterAttributes.HasDefault))
        {
            copy.SetConstant(parameter.RawDefaultValue);
        }
    }

    private static GenericTypeParameterBuilder[] DefineTypeParameters(EmittedModule module, MethodBuilder method, Type[] parameters)
    {
        if (parameters.Length == 0)
        {
            return [];
        }

        var copies = method.DefineGenericParameters(Array.ConvertAll(parameters, parameter => parameter.Name));
        foreach (var (copy, parameter) in copies.Zip(parameters))
        {
            copy.SetGenericParameterAttributes(parameter.GenericParameterAttributes);
            var constraints = parameter.GetGenericParameterConstraints();
            if (Array.Find(constraints, constraint => !constraint.IsInterface) is { } parent)
            {
                copy.SetBaseTypeConstraint(Close(parent, copies));
            }

            copy.SetInterfaceConstraints([.. constraints.Where(constraint => constraint.IsInterface).Select(constraint => Close(constraint, copies))]);
            Array.ForEach(constraints, module.MakeVisible);
            EmittedAttributes.Copy(parameter.GetCustomAttributesData(), module, copy.SetCustomAttribute);
        }

        return copies;
    }

    /// <summary>Replaces the type parameters of the interface's method by those of the emitted one.</summary>
    private static Type Close(Type type, GenericTypeParameterBuilder[] typeArguments)
    {
        if (typeArguments.Length == 0 || !type.ContainsGenericParameters)
        {
            return type;
        }

        if (type.IsGenericMethodParameter)
        {
            return typeArguments[type.GenericParameterPosition];
        }

        if (type.IsGenericType)
        {
            return type.GetGenericTypeDefinition().MakeGenericType(Array.ConvertAll(type.GetGenericArguments(), argument => Close(argument, typeArguments)));
        }

        var element = Close(type.GetElementType()!, typeArguments);
        return type.IsByRef ? element.MakeByRefType()
            : type.IsPointer ? element.MakePointerType()
            : type.IsSZArray ? element.MakeArrayType()
            : element.MakeArrayType(type.GetArrayRank());
    }

    // Reflection gives the modifiers in the reverse order.
    private static Type[] Required(ParameterInfo parameter) => [.. parameter.GetRequiredCustomModifiers().Reverse()];

    private static Type[] Optional(ParameterInfo parameter) => [.. parameter.GetOptionalCustomModifiers().Reverse()];
}
