using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Thoth.Interception.Arguments;

/// <summary>Decides which values must be written by their runtime type, because System.Text.Json would hide members from the enforcer.</summary>
internal sealed class RuntimeTypeRules(JsonSerializerOptions plain)
{
    public JsonTypeInfoKind KindOf(Type type) => InfoOf(type)?.Kind ?? JsonTypeInfoKind.None;

    /// <summary>
    /// Whether values of this declared type may be of a derived type with more members. They are written by their runtime type;
    /// otherwise the enforcer would not see everything that the tool gets.
    /// </summary>
    public bool IsOpen(Type type) =>
        !type.IsValueType && !type.IsSealed && type != typeof(object)
        && InfoOf(type) is { Kind: JsonTypeInfoKind.Object, PolymorphismOptions: null };

    /// <summary>
    /// The same for collections. They keep the JSON of the declared type, which policies expect, and a value with members besides its
    /// elements is refused.
    /// </summary>
    public bool IsOpenCollection(Type type) =>
        !type.IsValueType && !type.IsSealed && KindOf(type) is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary;

    /// <summary>Changes how objects are written: open members by their runtime type. Types with hidden state are refused.</summary>
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
            // The serializer would write a derived type that its base does not list as the base, without the derived members.
            polymorphism.UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization;
        }
    }

    /// <summary>Gets <see langword="null"/> for a type that the serializer cannot handle; the call fails on it later.</summary>
    private JsonTypeInfo? InfoOf(Type type)
    {
        try
        {
            return plain.GetTypeInfo(type);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The serializer may throw, and so may the attributes of the caller's types.
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
