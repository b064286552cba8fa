using System.Reflection;
using System.Text.Json.Serialization;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Refuses types with a member that JSON cannot tell from another: one of a base class behind a <c>new</c> one, or one of an interface
/// that the class implements apart from its public members. The tool may read either.
/// </summary>
internal static class HiddenMembers
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;

    /// <exception cref="ArgumentObstacleException">The type has such a member, and it is not excluded by <c>[JsonIgnore]</c>.</exception>
    public static void RefuseIn(Type type, List<MemberInfo> shown)
    {
        RefuseHiddenBySubclass(type, shown);
        if (FrameworkTypes.Contains(type) || type.IsInterface)
        {
            return;
        }

        foreach (var contract in type.GetInterfaces())
        {
            if (!FrameworkTypes.Contains(contract))
            {
                RefuseImplementedApart(type, contract);
            }
        }
    }

    /// <summary>Whether a class implements a getter of an interface by a member that is not public, and not excluded either.</summary>
    public static bool IsImplementedApart(Type type, Type contract, MethodInfo getter)
    {
        var map = type.GetInterfaceMap(contract);
        var target = map.TargetMethods[Array.IndexOf(map.InterfaceMethods, getter)];
        var isPublic = target.IsPublic && target.DeclaringType?.IsInterface == false;
        return !isPublic && !(PropertyOf(target) is { } implementation && IsExcluded(implementation));
    }

    /// <summary>Whether two methods are the same, however reflection came to them.</summary>
    public static bool IsSame(MethodInfo left, MethodInfo right) => left.Module == right.Module && left.MetadataToken == right.MetadataToken;

    /// <summary>Whether a tool can read a public member like data.</summary>
    public static bool IsData(MemberInfo member) =>
        member is FieldInfo || (member is PropertyInfo { GetMethod.IsPublic: true } property && property.GetIndexParameters().Length == 0);

    /// <summary>Whether the author of a type said that no tool reads a member.</summary>
    public static bool IsExcluded(MemberInfo member) =>
        member.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always };

    private static void RefuseHiddenBySubclass(Type type, List<MemberInfo> shown)
    {
        var below = new HashSet<string>(StringComparer.Ordinal);
        for (var current = type; current is not null && !FrameworkTypes.Contains(current); current = current.BaseType)
        {
            var names = new List<string>();
            foreach (var member in current.GetMembers(Own))
            {
                if (!IsData(member))
                {
                    continue;
                }

                names.Add(member.Name);
                if (below.Contains(member.Name) && !IsExcluded(member) && !IsOverridden(member, type) && !Contains(shown, member))
                {
                    throw new ArgumentObstacleException(
                        $"'{current}.{member.Name}' is hidden by a member of '{type}' with the same name; rename one, or exclude the hidden one with [JsonIgnore]");
                }
            }

            below.UnionWith(names);
        }
    }

    private static void RefuseImplementedApart(Type type, Type contract)
    {
        foreach (var property in contract.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (property.GetMethod is { } getter && property.GetIndexParameters().Length == 0 && !IsExcluded(property)
                && IsImplementedApart(type, contract, getter))
            {
                throw new ArgumentObstacleException(
                    $"'{contract}.{property.Name}' is not implemented by a public member of '{type}'; implement it by one, or exclude it with [JsonIgnore]");
            }
        }
    }

    private static PropertyInfo? PropertyOf(MethodInfo getter) => Array.Find(
        getter.DeclaringType!.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly),
        property => property.GetMethod == getter);

    private static bool IsOverridden(MemberInfo member, Type type)
    {
        if (member is not PropertyInfo { GetMethod: { IsVirtual: true } getter })
        {
            return false;
        }

        // The call through the base member reaches an override, unless a new member begins a chain of its own.
        for (var current = type; current is not null && current != member.DeclaringType; current = current.BaseType)
        {
            if (current.GetProperty(member.Name, Own)?.GetMethod is { } below && below.GetBaseDefinition() == getter.GetBaseDefinition())
            {
                return true;
            }
        }

        return false;
    }

    private static bool Contains(List<MemberInfo> shown, MemberInfo member) =>
        shown.Exists(candidate => candidate.Name == member.Name && candidate.DeclaringType == member.DeclaringType);
}
