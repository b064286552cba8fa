using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Thoth.Interception.Arguments;

/// <summary>
/// The types whose values cannot change after they were serialized, decided by the type alone. A type in doubt counts as mutable,
/// which costs a second serialization and is always safe.
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

    private static bool IsImmutable(Type type, HashSet<Type> inProgress)
    {
        if (type.IsPrimitive || type.IsEnum)
        {
            return true;
        }

        if (s_known.TryGetValue(type, out var known))
        {
            return known;
        }

        // A type that contains itself is immutable if the rest of it is.
        if (!inProgress.Add(type))
        {
            return true;
        }

        if (type.IsGenericType && IsImmutableCollection(type.GetGenericTypeDefinition()))
        {
            return Array.TrueForAll(type.GetGenericArguments(), argument => IsImmutable(argument, inProgress));
        }

        // An argument of a value type is a copy, so its fields may be assignable; what they refer to must be immutable.
        return (type.IsValueType || type.IsSealed) && !type.IsArray && !type.IsPointer && FieldsAreImmutable(type, inProgress);
    }

    private static bool FieldsAreImmutable(Type type, HashSet<Type> inProgress)
    {
        var mustBeReadOnly = !type.IsValueType;
        for (var current = type; current is not null && current != typeof(object) && current != typeof(ValueType); current = current.BaseType)
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            foreach (var field in current.GetFields(Own))
            {
                if ((mustBeReadOnly && !field.IsInitOnly) || !IsImmutable(field.FieldType, inProgress))
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
