using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Refuses values with state that System.Text.Json does not write, because the tool would get more than the enforcer.
/// </summary>
internal static class UnserializedStateGuard
{
    private const BindingFlags Public = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;
    private const BindingFlags All = Public | BindingFlags.NonPublic;

    private static readonly HashSet<string> s_collectionMembers =
    [
        "Count", "Length", "LongLength", "Rank", "Capacity", "Comparer", "Keys", "Values", "IsReadOnly", "IsFixedSize",
        "IsSynchronized", "SyncRoot", "IsEmpty", "IsDefault", "IsDefaultOrEmpty", "Current",
    ];

    private static readonly HashSet<string> s_plainCollections =
    [
        "System", "System.Collections", "System.Collections.Generic", "System.Collections.Concurrent",
        "System.Collections.Immutable", "System.Collections.Frozen", "System.Collections.ObjectModel",
    ];

    private static readonly ConcurrentDictionary<Type, string?> s_besidesElements = new();

    /// <summary>Refuses an object type with state that the serializer does not write.</summary>
    /// <exception cref="NotSupportedException">The type has state that no public member shows.</exception>
    public static void RefuseIn(JsonTypeInfo info)
    {
        var shown = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in info.Properties)
        {
            if (property.Get is not null)
            {
                shown.Add((property.AttributeProvider as MemberInfo)?.Name ?? property.Name);
            }
        }

        for (var type = info.Type; type is not null && type != typeof(object); type = type.BaseType)
        {
            // A type of the application is trusted to show its state by its members. Types of the framework such as StringBuilder,
            // Regex or BigInteger do not, so each of their fields needs a member.
            if (shown.Count > 0 && !IsFrameworkType(type))
            {
                continue;
            }

            foreach (var field in type.GetFields(All))
            {
                if (!shown.Contains(MemberOf(field)))
                {
                    throw new NotSupportedException($"'{info.Type}' has state that no public property or field shows.");
                }
            }
        }
    }

    /// <summary>Refuses a collection with further members, such as an owner, because only its elements are written.</summary>
    /// <param name="collection">The collection's runtime type, which may have more members than the declared type.</param>
    /// <exception cref="NotSupportedException">The type has members besides its elements.</exception>
    public static void RefuseBesidesElements(Type collection)
    {
        if (s_besidesElements.GetOrAdd(collection, MemberBesidesElements) is { } member)
        {
            throw new NotSupportedException($"'{collection}' has the member '{member}' besides its elements.");
        }
    }

    private static string? MemberBesidesElements(Type collection)
    {
        var types = collection.IsInterface ? [collection, .. collection.GetInterfaces()] : BasesOf(collection);
        foreach (var type in types)
        {
            if (type.Namespace is { } space && s_plainCollections.Contains(space))
            {
                continue;
            }

            if (Array.Find(type.GetProperties(Public), p => p.GetIndexParameters().Length == 0 && !s_collectionMembers.Contains(p.Name)) is { } property)
            {
                return property.Name;
            }

            // The compiler makes public fields of an iterator's parameters; their names begin with '<'.
            if (Array.Find(type.GetFields(Public), field => !field.Name.StartsWith('<')) is { } field)
            {
                return field.Name;
            }
        }

        return null;
    }

    private static IEnumerable<Type> BasesOf(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            yield return type;
        }
    }

    /// <summary>Gets the name of the member that a field of the framework backs: <c>m_real</c>, <c>_real</c> and <c>real</c> back <c>Real</c>.</summary>
    private static string MemberOf(FieldInfo field)
    {
        var name = field.Name;
        if (name.StartsWith('<'))
        {
            return name[1..Math.Max(1, name.IndexOf('>', StringComparison.Ordinal))];
        }

        return name.StartsWith("m_", StringComparison.Ordinal) ? name[2..] : name.TrimStart('_');
    }

    private static bool IsFrameworkType(Type type) =>
        type.Namespace is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal));
}
