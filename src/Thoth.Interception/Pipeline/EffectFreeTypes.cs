using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Thoth.Interception.Pipeline;

/// <summary>
/// Tells which types the serializer writes without running code of the application. Besides data of the framework these are objects
/// whose members are fields or properties that only return a field. A type in doubt is not one of them.
/// </summary>
/// <param name="options">The serializer options.</param>
internal sealed class EffectFreeTypes(JsonSerializerOptions options)
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const byte LoadThis = 0x02;
    private const byte LoadField = 0x7B;
    private const byte Return = 0x2A;

    private static readonly HashSet<Type> s_values =
    [
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
        typeof(Guid), typeof(Uri), typeof(Version), typeof(Half), typeof(Int128), typeof(UInt128), typeof(JsonElement), typeof(JsonDocument),
    ];

    /// <summary>Whether a value of exactly this type can be written.</summary>
    public bool Contains(Type type) => Contains(type, []);

    private bool Contains(Type type, HashSet<Type> inProgress)
    {
        if (IsValue(type))
        {
            return true;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Contains(underlying, inProgress);
        }

        if (type.IsArray || typeof(IEnumerable).IsAssignableFrom(type))
        {
            return ElementOf(type) is { } element && Contains(element, inProgress);
        }

        // A type that contains itself is free of effects if the rest of it is.
        return !inProgress.Add(type) || ContainsObject(type, inProgress);
    }

    private bool ContainsObject(Type type, HashSet<Type> inProgress)
    {
        if (type == typeof(object) || type.IsInterface || type.Assembly.IsDynamic || BringsCode(type))
        {
            return false;
        }

        var info = options.GetTypeInfo(type);
        return info is { Kind: JsonTypeInfoKind.Object, PolymorphismOptions: null }
            && info.Properties.All(property => property.Get is null || ContainsMember(property, inProgress));
    }

    private bool ContainsMember(JsonPropertyInfo property, HashSet<Type> inProgress)
    {
        // A condition compares the value with the default one, by code of its type.
        var isCompared = property.ShouldSerialize is not null && property.PropertyType.IsValueType && !IsValue(property.PropertyType);
        return !isCompared && !property.IsExtensionData && Contains(property.PropertyType, inProgress)
            && property.AttributeProvider switch
            {
                FieldInfo => true,
                PropertyInfo { GetMethod: { } getter } => ReturnsAField(getter),
                _ => false,
            };
    }

    /// <summary>
    /// Whether a getter is <c>ldarg.0; ldfld; ret</c>, as compilers write those of automatic properties, and no subclass can replace it.
    /// </summary>
    private static bool ReturnsAField(MethodInfo getter) =>
        (!getter.IsVirtual || getter.IsFinal || getter.ReflectedType is { IsSealed: true })
        && getter.GetMethodBody()?.GetILAsByteArray() is [LoadThis, LoadField, _, _, _, _, Return];

    /// <summary>Whether the serializer would call a converter or a callback. Asked before it looks at the type, because it creates converters.</summary>
    private static bool BringsCode(Type type)
    {
        if (type.IsDefined(typeof(JsonConverterAttribute))
            || typeof(IJsonOnSerializing).IsAssignableFrom(type) || typeof(IJsonOnSerialized).IsAssignableFrom(type))
        {
            return true;
        }

        for (var current = type; current is not null; current = current.BaseType)
        {
            if (Array.Exists(current.GetMembers(Members), static member => member.IsDefined(typeof(JsonConverterAttribute))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsValue(Type type) => type.IsPrimitive || type.IsEnum || s_values.Contains(type);

    /// <summary>
    /// The element type of a collection that the serializer reads by methods of the framework alone, also if the value is of a subclass.
    /// </summary>
    private static Type? ElementOf(Type type)
    {
        if (type.IsSZArray)
        {
            return type.GetElementType();
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        if (definition == typeof(List<>) || definition == typeof(ImmutableArray<>) || definition == typeof(ImmutableList<>))
        {
            return type.GetGenericArguments()[0];
        }

        return definition == typeof(Dictionary<,>) && type.GetGenericArguments() is [var key, var element] && key == typeof(string) ? element : null;
    }
}
