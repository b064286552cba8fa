using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Thoth.Interception.Arguments;

/// <summary>What System.Text.Json would make of a type, and where that would hide something from the enforcer.</summary>
internal sealed class TypeShapes(JsonSerializerOptions plain)
{
    public JsonTypeInfoKind KindOf(Type type) => InfoOf(type)?.Kind ?? JsonTypeInfoKind.None;

    /// <summary>
    /// Whether values declared with this type may have members that the declared type does not know. Such values are written
    /// by the type that they have, or the enforcer would not see all of what the tool gets.
    /// </summary>
    public bool IsOpen(Type type) =>
        !type.IsValueType && !type.IsSealed && type != typeof(object)
        && InfoOf(type) is { Kind: JsonTypeInfoKind.Object, PolymorphismOptions: null };

    /// <summary>
    /// The same for collections. They keep the JSON of the declared type, which policies are written for, but one with members
    /// besides its elements is refused.
    /// </summary>
    public bool IsOpenCollection(Type type) =>
        !type.IsValueType && !type.IsSealed && KindOf(type) is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary;

    /// <summary>Changes how objects are written: open members by their own type, and nothing that would be an empty object.</summary>
    public void WriteCompletely(JsonTypeInfo info)
    {
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                UnserializedStateGuard.RefuseIn(info);
                OpenMembers(info);
                break;
            case JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary:
                UnserializedStateGuard.RefuseBesidesElements(info.Type);
                break;
        }

        if (info.PolymorphismOptions is { } polymorphism)
        {
            // A derived type that its base does not list would be written as the base, without its own members.
            polymorphism.UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization;
        }
    }

    /// <summary>A type that the serializer cannot handle at all is left for the call to fail on.</summary>
    private JsonTypeInfo? InfoOf(Type type)
    {
        try
        {
            return plain.GetTypeInfo(type);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Not only the serializer throws here: the attributes of the caller's own types are made too.
            return null;
        }
    }

    private void OpenMembers(JsonTypeInfo info)
    {
        for (var i = 0; i < info.Properties.Count; i++)
        {
            var declared = info.Properties[i];
            if (declared.Get is not { } get || declared.CustomConverter is not null || declared.IsExtensionData)
            {
                continue;
            }

            if (IsOpen(declared.PropertyType))
            {
                var open = info.CreateJsonPropertyInfo(typeof(object), declared.Name);
                open.Get = get;
                open.ShouldSerialize = declared.ShouldSerialize;
                open.Order = declared.Order;
                info.Properties[i] = open;
            }
            else if (IsOpenCollection(declared.PropertyType))
            {
                declared.Get = owner =>
                {
                    var collection = get(owner);
                    if (collection is not null)
                    {
                        UnserializedStateGuard.RefuseBesidesElements(collection.GetType());
                    }

                    return collection;
                };
            }
        }
    }
}
