namespace Thoth.Interception.Serialization;

/// <summary>Formats types as C# code without namespaces.</summary>
internal static class TypeNameFormatter
{
    public static string Of(Type type)
    {
        if (type.IsArray)
        {
            return Of(type.GetElementType()!) + "[]";
        }

        var name = Plain(type);
        for (var outer = type.IsGenericParameter ? null : type.DeclaringType; outer is not null; outer = outer.DeclaringType)
        {
            name = $"{Plain(outer)}.{name}";
        }

        var arguments = type.GetGenericArguments();
        return arguments.Length == 0 ? name
            : type.IsGenericTypeDefinition ? $"{name}<{new string(',', arguments.Length - 1)}>"
            : $"{name}<{string.Join(", ", arguments.Select(Of))}>";
    }

    private static string Plain(Type type) => type.Name.Split('`')[0];
}
