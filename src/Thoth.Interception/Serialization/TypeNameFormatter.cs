namespace Thoth.Interception.Serialization;

/// <summary>Formats types as C# code without namespaces.</summary>
internal static class TypeNameFormatter
{
    public static string Of(Type type)
    {
        if (type.HasElementType)
        {
            var element = Of(type.GetElementType()!);
            return type.IsArray ? $"{element}[{new string(',', type.GetArrayRank() - 1)}]" : type.IsPointer ? $"{element}*" : element;
        }

        if (type.IsFunctionPointer)
        {
            // The runtime gives function pointers no name.
            return type.ToString();
        }

        var name = SimpleNameOf(type);
        for (var outer = type.IsGenericParameter ? null : type.DeclaringType; outer is not null; outer = outer.DeclaringType)
        {
            name = $"{SimpleNameOf(outer)}.{name}";
        }

        var arguments = type.GetGenericArguments();
        return arguments.Length == 0 ? name
            : type.IsGenericTypeDefinition ? $"{name}<{new string(',', arguments.Length - 1)}>"
            : $"{name}<{string.Join(", ", arguments.Select(Of))}>";
    }

    /// <summary>The type's own name, without type arguments and containing types.</summary>
    public static string SimpleNameOf(Type type) => type.Name.Split('`')[0];
}
