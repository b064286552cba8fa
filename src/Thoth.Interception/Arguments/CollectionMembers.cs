using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Refuses collections that are more than their elements, such as a list with an owner: JSON is the elements alone, so the tool would
/// get more than the enforcer.
/// </summary>
internal static class CollectionMembers
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;
    private const BindingFlags All = Own | BindingFlags.NonPublic;

    /// <summary>The names of members that follow from the elements if they are computed.</summary>
    private static readonly HashSet<string> s_usual =
    [
        "Count", "Length", "LongLength", "Rank", "Capacity", "Comparer", "IsReadOnly", "IsFixedSize", "IsSynchronized", "SyncRoot", "IsEmpty",
        "IsDefault", "IsDefaultOrEmpty",
    ];

    private static readonly ConcurrentDictionary<Type, string?> s_reasons = new();

    /// <param name="collection">The collection's runtime type, which may have more members than the declared type.</param>
    /// <exception cref="ArgumentObstacleException">The type has members besides its elements, or a shape that JSON does not show.</exception>
    public static void RefuseIn(Type collection)
    {
        if (s_reasons.GetOrAdd(collection, ReasonOf) is { } reason)
        {
            throw new ArgumentObstacleException(reason);
        }
    }

    private static string? ReasonOf(Type collection)
    {
        if (collection is { IsArray: true, IsSZArray: false })
        {
            return $"'{collection}' would be shown without its dimensions; use an array of arrays";
        }

        return MemberBesidesElements(collection) is { } member
            ? $"'{collection}' has the member '{member}' besides its elements; wrap both in a class, exclude the member with [JsonIgnore], or write a JsonConverter"
            : null;
    }

    private static string? MemberBesidesElements(Type collection)
    {
        var types = collection.IsInterface ? [collection, .. collection.GetInterfaces()] : BasesOf(collection);
        foreach (var type in types)
        {
            if (FrameworkTypes.IsCollection(type) || FrameworkTypes.IsMadeByCompiler(type))
            {
                continue;
            }

            foreach (var member in type.GetMembers(Own))
            {
                if (HiddenMembers.IsData(member) && !HiddenMembers.IsExcluded(member)
                    && !(member is PropertyInfo property && FollowsFromElements(property, collection)))
                {
                    return member.Name;
                }
            }
        }

        return collection.IsInterface ? null : MemberOfInterface(collection);
    }

    /// <summary>Finds a member that only an interface of the application shows.</summary>
    private static string? MemberOfInterface(Type collection)
    {
        foreach (var contract in collection.GetInterfaces())
        {
            if (FrameworkTypes.Contains(contract) || FrameworkTypes.IsCollection(contract))
            {
                continue;
            }

            foreach (var property in contract.GetProperties(All))
            {
                // A public member was looked at before.
                if (property.GetMethod is { } getter && property.GetIndexParameters().Length == 0 && !s_usual.Contains(property.Name)
                    && HiddenMembers.IsImplementedApart(collection, contract, getter) && !HiddenMembers.IsExcluded(property))
                {
                    return $"{contract}.{property.Name}";
                }
            }
        }

        return null;
    }

    /// <summary>Whether a property is part of what makes the type a collection. A stored value is state, whatever its name is.</summary>
    private static bool FollowsFromElements(PropertyInfo property, Type collection) =>
        ImplementsCollection(property, collection)
        || (s_usual.Contains(property.Name) && property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", All) is null);

    private static bool ImplementsCollection(PropertyInfo property, Type collection)
    {
        if (collection.IsInterface)
        {
            return false;
        }

        foreach (var contract in collection.GetInterfaces())
        {
            if (FrameworkTypes.IsCollection(contract) && contract.GetProperty(property.Name, Own) is not null
                && Array.Exists(collection.GetInterfaceMap(contract).TargetMethods, target => HiddenMembers.IsSame(target, property.GetMethod!)))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<Type> BasesOf(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            yield return type;
        }
    }
}
