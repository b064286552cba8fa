using System.Collections;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Thoth.Interception.Arguments;

/// <summary>Decides which values must be written by their runtime type, because System.Text.Json would hide members from the enforcer.</summary>
internal sealed class RuntimeTypeRules(JsonSerializerOptions plain)
{
    private readonly ConcurrentDictionary<string, bool> _memberNames = new(StringComparer.Ordinal);

    /// <summary>Gets the type information without any change of this library; <see langword="null"/> for a type that cannot be handled.</summary>
    public JsonTypeInfo? InfoOf(Type type)
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

    /// <summary>Whether a name in JSON is that of a member. Other names, the keys of dictionaries, are values of the call.</summary>
    public bool IsMember(string name) => _memberNames.ContainsKey(name);

    /// <summary>
    /// Whether values of this declared type may be of a derived type with more members. They are written by their runtime type;
    /// otherwise the enforcer would not see everything that the tool gets.
    /// </summary>
    public bool IsOpen(Type type) =>
        !type.IsValueType && !type.IsSealed && type != typeof(object)
        && InfoOf(type) is { Kind: JsonTypeInfoKind.Object, PolymorphismOptions: null };

    /// <summary>
    /// Whether values of this declared type are written by it, but may be of another type, or have a comparer, which must not get lost
    /// when the JSON is read back. A collection with members besides its elements is refused. A sequence other than a collection is
    /// noted, because it must not be run for the captured arguments alone.
    /// </summary>
    public bool IsNoted(Type type)
    {
        if (type.IsValueType || type == typeof(string) || type == typeof(object) || typeof(JsonNode).IsAssignableFrom(type))
        {
            return false;
        }

        return InfoOf(type) switch
        {
            { Kind: JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary } => type.IsArray
                ? type.GetElementType() is { IsValueType: false, IsSealed: false }
                : !type.IsSealed || Comparers.Has(type) || LazySequence.MayBe(type),
            { PolymorphismOptions: not null } => true,
            { Kind: JsonTypeInfoKind.None } => !type.IsSealed && !FrameworkTypes.Contains(type),
            _ => false,
        };
    }

    /// <summary>Whether a converter that is not the serializer's own for objects and collections writes the type.</summary>
    public bool IsConverted(Type type) => InfoOf(type) is { Kind: JsonTypeInfoKind.None };

    /// <summary>Notes what reading must restore at a place of a declared type.</summary>
    /// <param name="value">The value.</param>
    /// <param name="declared">The declared type.</param>
    /// <param name="isConverted">Whether a converter of the application writes the value, so that only its type is noted.</param>
    public static void Note(object value, Type declared, bool isConverted = false)
    {
        var type = value.GetType();
        var isCollection = !isConverted && value is IEnumerable and not string and not JsonNode;
        if (isCollection && declared != typeof(object))
        {
            CollectionMembers.RefuseIn(type);
        }

        if (WritingNotes.Current is not { } notes)
        {
            return;
        }

        if (!isCollection)
        {
            notes.Add(value is JsonNode ? typeof(JsonNode) : type);
            return;
        }

        var isLazy = LazySequence.IsLazy(value, declared);
        if (notes.LeavesSequences && (isLazy || (declared != typeof(object) && LazySequence.MayBe(type))))
        {
            throw new ArgumentObstacleException("it is a lazy sequence, which is not run to be captured; pass a list or an array");
        }

        // Each collection is as good as another behind an interface that its elements satisfy.
        notes.Add(declared.IsInterface && (isLazy || FrameworkTypes.IsPlainCollection(type)) ? declared : type);
        notes.RanSequence |= isLazy;
        Comparers.Note(value, notes);
    }

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
                CollectionMembers.RefuseIn(info.Type);
                break;
        }

        if (info.PolymorphismOptions is { } polymorphism)
        {
            // The serializer would write a derived type that its base does not list as the base, without the derived members.
            polymorphism.UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization;
        }
    }

    private void OpenMembers(JsonTypeInfo info)
    {
        for (var i = 0; i < info.Properties.Count; i++)
        {
            var declared = info.Properties[i];
            _memberNames.TryAdd(declared.Name, true);
            OmittedDefaults.WriteUnlessExact(declared);
            if (declared.Get is not { } get || declared.CustomConverter is not null)
            {
                continue;
            }

            if (declared.IsExtensionData && declared.PropertyType == typeof(JsonObject))
            {
                // The serializer would not take these members from this library's converter.
                var more = info.CreateJsonPropertyInfo(typeof(Dictionary<string, object?>), declared.Name);
                more.IsExtensionData = true;
                more.Get = owner => (get(owner) as JsonObject)?.ToDictionary(member => member.Key, member => (object?)member.Value);
                info.Properties[i] = more;
            }
            else if (!declared.IsExtensionData && IsOpen(declared.PropertyType))
            {
                var open = info.CreateJsonPropertyInfo(typeof(object), declared.Name);
                open.Get = get;
                open.ShouldSerialize = declared.ShouldSerialize;
                open.Order = declared.Order;
                info.Properties[i] = open;
            }
            else if (declared.IsExtensionData || IsNoted(declared.PropertyType))
            {
                var type = declared.PropertyType;
                var isConverted = IsConverted(type);
                declared.Get = owner =>
                {
                    var value = get(owner);
                    if (value is not null)
                    {
                        Note(value, type, isConverted);
                    }

                    return value;
                };
            }
        }
    }
}
