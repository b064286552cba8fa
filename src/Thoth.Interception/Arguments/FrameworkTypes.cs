using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Thoth.Interception.Arguments;

/// <summary>Tells the types of .NET and of its languages from those of the application.</summary>
internal static class FrameworkTypes
{
    private static readonly HashSet<string> s_collections =
    [
        "System", "System.Collections", "System.Collections.Generic", "System.Collections.Concurrent",
        "System.Collections.Immutable", "System.Collections.Frozen", "System.Collections.ObjectModel", "Microsoft.FSharp.Collections",
    ];

    private static readonly ConcurrentDictionary<Type, bool> s_plain = new();

    public static bool Contains(Type type) =>
        type.Namespace is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal));

    /// <summary>Whether a type is in a namespace of collections, whose further members all follow from the elements.</summary>
    public static bool IsCollection(Type type) => type.Namespace is { } space && s_collections.Contains(space);

    /// <summary>Whether a collection has nothing besides its elements: one of .NET, an iterator, or what the compiler makes of <c>[1, 2]</c>.</summary>
    public static bool IsPlainCollection(Type collection) => s_plain.GetOrAdd(collection, static type =>
        type.IsArray || IsCollection(type) || type.Namespace == "System.Linq" || IsMadeByCompiler(type));

    /// <summary>Whether the compiler made the type. Inside another that it made, it is not marked, but its name is none of C#.</summary>
    public static bool IsMadeByCompiler(Type type) => type.Name.StartsWith('<') || type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    /// <summary>Whether the serializer writes the value inside, or null, for this type: a nullable value or an option of F#.</summary>
    public static bool IsOptional(Type type) =>
        Nullable.GetUnderlyingType(type) is not null
        || (type.IsGenericType && type.GetGenericTypeDefinition().FullName is "Microsoft.FSharp.Core.FSharpOption`1" or "Microsoft.FSharp.Core.FSharpValueOption`1");
}
