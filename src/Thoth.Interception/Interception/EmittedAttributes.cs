using System.Collections.ObjectModel;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thoth.Interception.Interception;

/// <summary>Copies attributes to emitted members, so that code that reads a proxy finds what the interface says.</summary>
internal static class EmittedAttributes
{
    /// <summary>Attributes that are flags in the metadata, which are copied as such.</summary>
    private static readonly HashSet<Type> s_flags =
        [typeof(InAttribute), typeof(OutAttribute), typeof(OptionalAttribute), typeof(MarshalAsAttribute), typeof(PreserveSigAttribute)];

    /// <summary>Copies the attributes of an interface that a class can have and does not inherit.</summary>
    /// <param name="tools">The interface.</param>
    /// <param name="module">The module of the class.</param>
    /// <param name="type">The class.</param>
    /// <param name="parentHasThem">Whether the parent class has the same attributes.</param>
    public static void CopyToClass(Type tools, EmittedModule module, TypeBuilder type, bool parentHasThem) =>
        Copy(
            tools.GetCustomAttributesData().Where(attribute =>
                UsageOf(attribute.AttributeType) is var usage && usage.ValidOn.HasFlag(AttributeTargets.Class) && !(parentHasThem && usage.Inherited)),
            module, type.SetCustomAttribute);

    public static void Copy(IEnumerable<CustomAttributeData> attributes, EmittedModule module, Action<CustomAttributeBuilder> set)
    {
        foreach (var attribute in attributes)
        {
            if (!s_flags.Contains(attribute.AttributeType))
            {
                module.MakeVisible(attribute.AttributeType);
                set(BuilderOf(attribute));
            }
        }
    }

    /// <summary>
    /// Copies what the compiler says about the nullability of a method's types. It may say it once for all members of a type, and an
    /// emitted method stands in another type.
    /// </summary>
    public static void CopyNullableContext(MethodInfo method, EmittedModule module, MethodBuilder copy)
    {
        if (ContextOn(method) is not null)
        {
            return;
        }

        for (var type = method.DeclaringType; type is not null; type = type.DeclaringType)
        {
            if (ContextOn(type) is { } context)
            {
                Copy([context], module, copy.SetCustomAttribute);
                return;
            }
        }
    }

    private static CustomAttributeData? ContextOn(MemberInfo member) => member.GetCustomAttributesData()
        .FirstOrDefault(attribute => attribute.AttributeType.FullName == typeof(NullableContextAttribute).FullName);

    private static AttributeUsageAttribute UsageOf(Type attribute) =>
        attribute.GetCustomAttribute<AttributeUsageAttribute>() ?? new AttributeUsageAttribute(AttributeTargets.All);

    private static CustomAttributeBuilder BuilderOf(CustomAttributeData attribute)
    {
        var type = attribute.AttributeType;
        var named = attribute.NamedArguments.ToLookup(argument => argument.IsField);
        return new CustomAttributeBuilder(
            attribute.Constructor, [.. attribute.ConstructorArguments.Select(ValueOf)],
            [.. named[false].Select(argument => (PropertyInfo)argument.MemberInfo)], [.. named[false].Select(argument => ValueOf(argument.TypedValue))],
            [.. named[true].Select(argument => (FieldInfo)argument.MemberInfo)], [.. named[true].Select(argument => ValueOf(argument.TypedValue))]);
    }

    /// <summary>Gets a value with its own type, because a parameter of type <see cref="object"/> keeps the type too.</summary>
    private static object? ValueOf(CustomAttributeTypedArgument argument)
    {
        switch (argument.Value)
        {
            case null:
                return null;
            case ReadOnlyCollection<CustomAttributeTypedArgument> elements:
                var array = Array.CreateInstance(argument.ArgumentType.GetElementType()!, elements.Count);
                for (var i = 0; i < elements.Count; i++)
                {
                    array.SetValue(ValueOf(elements[i]), i);
                }

                return array;
            default:
                return argument.ArgumentType.IsEnum ? Enum.ToObject(argument.ArgumentType, argument.Value) : argument.Value;
        }
    }
}
