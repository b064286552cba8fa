using Thoth.Interception.Serialization;

namespace Thoth.Interception.Testing.Surface;

/// <summary>Formats types with their namespaces, unless they are the framework's.</summary>
internal static class SurfaceTypeName
{
    public static string Of(Type type)
    {
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (type.IsGenericParameter || type.HasElementType || type.IsFunctionPointer)
        {
            return TypeNameFormatter.Of(type);
        }

        var name = TypeNameFormatter.SimpleNameOf(type);
        for (var outer = type.DeclaringType; outer is not null; outer = outer.DeclaringType)
        {
            name = $"{TypeNameFormatter.SimpleNameOf(outer)}.{name}";
        }

        var isFramework = type.Namespace is "System" || type.Namespace?.StartsWith("System.", StringComparison.Ordinal) == true;
        var arguments = type.GetGenericArguments();
        return (isFramework || type.Namespace is null ? name : $"{type.Namespace}.{name}")
            + (arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(Of))}>");
    }
}
