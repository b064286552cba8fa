using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;

namespace Thoth.Interception.Arguments;

/// <summary>Notes the comparers of collections, which JSON does not show: a copy would find other keys than the original.</summary>
internal static class Comparers
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> s_known = new();

    public static bool Has(Type collection) => Of(collection).Length > 0;

    /// <summary>Notes each comparer of a collection that is not the default one of its type.</summary>
    public static void Note(object collection, WritingNotes notes)
    {
        foreach (var property in Of(collection.GetType()))
        {
            if (property.GetValue(collection) is { } comparer && !IsDefault(comparer, property.PropertyType))
            {
                notes.Add(comparer);
            }
        }
    }

    private static PropertyInfo[] Of(Type collection) => s_known.GetOrAdd(collection, static type => Array.FindAll(
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic),
        property => property.Name is "Comparer" or "KeyComparer" or "ValueComparer" or "EqualityComparer"
            && property.GetMethod is not null && property.GetIndexParameters().Length == 0
            && FrameworkTypes.Contains(property.DeclaringType!) && IsComparer(property.PropertyType)));

    private static bool IsComparer(Type type) =>
        typeof(IComparer).IsAssignableFrom(type) || typeof(IEqualityComparer).IsAssignableFrom(type)
        || (type.IsGenericType && type.GetGenericTypeDefinition() is var definition
            && (definition == typeof(IComparer<>) || definition == typeof(IEqualityComparer<>)));

    /// <summary>An equality by ordinal text is the default one; an order by ordinal text is not.</summary>
    private static bool IsDefault(object comparer, Type declared)
    {
        if (!declared.IsGenericType)
        {
            return comparer is Comparer && comparer.Equals(Comparer.Default);
        }

        var isEquality = declared.GetGenericTypeDefinition() == typeof(IEqualityComparer<>);
        if (isEquality && ReferenceEquals(comparer, StringComparer.Ordinal))
        {
            return true;
        }

        var ofDefault = (isEquality ? typeof(EqualityComparer<>) : typeof(Comparer<>)).MakeGenericType(declared.GetGenericArguments());
        return ReferenceEquals(comparer, ofDefault.GetProperty("Default")!.GetValue(null));
    }
}
