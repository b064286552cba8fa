using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Thoth.Interception;

/// <summary>What System.Text.Json would make of a type, and where that would hide something from the enforcer.</summary>
internal sealed class TypeShapes(JsonSerializerOptions plain)
{
    private static readonly HashSet<string> s_collectionMembers =
    [
        "Count", "Length", "LongLength", "Rank", "Capacity", "Comparer", "Keys", "Values", "IsReadOnly", "IsFixedSize",
        "IsSynchronized", "SyncRoot", "IsEmpty", "IsDefault", "IsDefaultOrEmpty",
    ];

    public JsonTypeInfoKind KindOf(Type type) => InfoOf(type)?.Kind ?? JsonTypeInfoKind.None;

    /// <summary>
    /// Whether values declared with this type may have members that the declared type does not know. Such values are written
    /// by the type that they have, or the enforcer would not see all of what the tool gets.
    /// </summary>
    public bool IsOpen(Type type) =>
        !type.IsValueType && !type.IsSealed && type != typeof(object)
        && InfoOf(type) is { Kind: JsonTypeInfoKind.Object, PolymorphismOptions: null };

    /// <summary>Changes how objects are written: open members by their own type, and nothing that would be an empty object.</summary>
    public void WriteCompletely(JsonTypeInfo info)
    {
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                RefuseHiddenState(info);
                OpenMembers(info);
                break;
            case JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary:
                RefuseHiddenMembers(info.Type);
                break;
        }
    }

    /// <summary>A type that the serializer cannot handle at all is left for the call to fail on.</summary>
    private JsonTypeInfo? InfoOf(Type type)
    {
        try
        {
            return plain.GetTypeInfo(type);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private void OpenMembers(JsonTypeInfo info)
    {
        for (var i = 0; i < info.Properties.Count; i++)
        {
            var declared = info.Properties[i];
            if (declared.Get is null || declared.CustomConverter is not null || declared.IsExtensionData || !IsOpen(declared.PropertyType))
            {
                continue;
            }

            var open = info.CreateJsonPropertyInfo(typeof(object), declared.Name);
            open.Get = declared.Get;
            open.ShouldSerialize = declared.ShouldSerialize;
            open.Order = declared.Order;
            info.Properties[i] = open;
        }
    }

    private static void RefuseHiddenState(JsonTypeInfo info)
    {
        foreach (var property in info.Properties)
        {
            if (property.Get is not null)
            {
                return;
            }
        }

        for (var type = info.Type; type is not null && type != typeof(object); type = type.BaseType)
        {
            if (type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Length > 0)
            {
                throw new NotSupportedException($"'{info.Type}' has state but no public property or field to show.");
            }
        }
    }

    /// <summary>A collection type with members of its own, such as an owner, would be written as its elements alone.</summary>
    private static void RefuseHiddenMembers(Type collection)
    {
        for (var type = collection; type is not null && !IsFrameworkType(type); type = type.BaseType)
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;
            foreach (var property in type.GetProperties(Own))
            {
                if (property.GetIndexParameters().Length == 0 && !s_collectionMembers.Contains(property.Name))
                {
                    throw new NotSupportedException($"'{collection}' has the member '{property.Name}' besides its elements.");
                }
            }

            if (type.GetFields(Own) is [var field, ..])
            {
                throw new NotSupportedException($"'{collection}' has the member '{field.Name}' besides its elements.");
            }
        }
    }

    private static bool IsFrameworkType(Type type) =>
        type.Namespace is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal));
}
