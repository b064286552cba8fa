using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Whether nobody can change a value of a type after it was serialized, told from the type alone. When in doubt it can be
/// changed, which costs a second serialization and is always safe.
/// </summary>
internal static class ImmutableTypes
{
    private static readonly ConcurrentDictionary<Type, bool> s_known = new(
    [
        new(typeof(string), true), new(typeof(decimal), true), new(typeof(DateTime), true), new(typeof(DateTimeOffset), true),
        new(typeof(DateOnly), true), new(typeof(TimeOnly), true), new(typeof(TimeSpan), true), new(typeof(Guid), true),
        new(typeof(Version), true), new(typeof(Half), true), new(typeof(Int128), true),
        new(typeof(UInt128), true), new(typeof(System.Numerics.BigInteger), true),
    ]);

    public static bool Contains(Type type) => s_known.GetOrAdd(type, static t => IsImmutable(t, []));

    private static bool IsImmutable(Type type, HashSet<Type> underWay)
    {
        if (type.IsPrimitive || type.IsEnum)
        {
            return true;
        }

        if (s_known.TryGetValue(type, out var known))
        {
            return known;
        }

        // A type that contains itself is immutable if all the rest of it is.
        if (!underWay.Add(type))
        {
            return true;
        }

        if (type.IsGenericType && IsImmutableCollection(type.GetGenericTypeDefinition()))
        {
            return Array.TrueForAll(type.GetGenericArguments(), argument => IsImmutable(argument, underWay));
        }

        // An argument of a value type is a copy already: its fields may be assignable as long as what they refer to is not.
        return (type.IsValueType || type.IsSealed) && !type.IsArray && !type.IsPointer && FieldsAreImmutable(type, underWay);
    }

    private static bool FieldsAreImmutable(Type type, HashSet<Type> underWay)
    {
        var mustBeReadOnly = !type.IsValueType;
        for (var current = type; current is not null && current != typeof(object) && current != typeof(ValueType); current = current.BaseType)
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            foreach (var field in current.GetFields(Own))
            {
                if ((mustBeReadOnly && !field.IsInitOnly) || !IsImmutable(field.FieldType, underWay))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool IsImmutableCollection(Type definition) =>
        definition == typeof(ImmutableArray<>) || definition == typeof(ImmutableList<>) || definition == typeof(ImmutableHashSet<>)
        || definition == typeof(ImmutableSortedSet<>) || definition == typeof(ImmutableDictionary<,>)
        || definition == typeof(ImmutableSortedDictionary<,>) || definition == typeof(ImmutableQueue<>)
        || definition == typeof(ImmutableStack<>);
}
