using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Collections.Specialized;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Thoth.Interception.Tests.Arguments.Properties;

/// <summary>
/// Reads a value as the code of a tool would: public members by the runtime type, those that are hidden included, the members of
/// the declared interface, and the elements. It knows the platform's own types by what they mean, not by their members.
/// </summary>
internal static class ToolsView
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const int Deepest = 70;

    private static readonly Type[] s_opaque =
    [
        typeof(Stream), typeof(TextReader), typeof(TextWriter), typeof(Delegate), typeof(MemberInfo), typeof(Task), typeof(ValueTask),
        typeof(CancellationTokenSource), typeof(IServiceProvider), typeof(TimeProvider), typeof(HttpClient), typeof(IQueryable),
    ];

    private static readonly Type[] s_leaves =
    [
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly),
        typeof(Uri), typeof(Version), typeof(Half), typeof(Int128), typeof(UInt128), typeof(BigInteger), typeof(byte[]),
    ];

    /// <summary>The names that a class has since it is a collection.</summary>
    private static readonly string[] s_ofCollections = ["Count", "IsReadOnly", "Keys", "Values"];

    private static readonly Type[] s_unordered =
    [
        typeof(HashSet<>), typeof(SortedSet<>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>), typeof(ConcurrentBag<>),
        typeof(System.Collections.Frozen.FrozenSet<>),
    ];

    public static Seen Of(object? value, Type declared, int depth = 0)
    {
        if (value is null or JsonElement { ValueKind: JsonValueKind.Undefined } || IsUnset(value))
        {
            return SeenNull.Instance;
        }

        if (depth > Deepest)
        {
            return new SeenUnreadable("has no end");
        }

        var type = value.GetType();
        return Array.Exists(s_opaque, opaque => opaque.IsAssignableFrom(type)) || Is(type, typeof(Lazy<>))
            || type.GetInterfaces().Append(type).Any(one => Is(one, typeof(IAsyncEnumerable<>))) ? new SeenOpaque(type)
            : HasConverter(type) || HasConverter(Nullable.GetUnderlyingType(declared) ?? declared) ? new SeenByAuthor(ByShape(value, type, declared, depth))
            : ByShape(value, type, declared, depth);
    }

    private static Seen ByShape(object value, Type type, Type declared, int depth) => value switch
    {
        JsonElement or JsonNode or JsonDocument => JsonView.Of(value),
        byte[] when declared.IsInterface => Items((byte[])value, type, declared, depth),
        _ when type.IsPrimitive || type.IsEnum || s_leaves.Contains(type) => new SeenLeaf(value),
        StringBuilder text => new SeenLeaf(text.ToString()),
        System.Net.IPAddress or System.Globalization.CultureInfo or System.Xml.Linq.XNode => new SeenLeaf(value.ToString()!),
        System.Xml.XmlNode xml => new SeenLeaf(xml.OuterXml),
        NameValueCollection pairs => new SeenEntries(type, [.. pairs.AllKeys.Select(key => ((Seen)new SeenLeaf(key!), (Seen)new SeenLeaf(pairs[key]!)))], []),
        IStructuralEquatable and ITuple or not IEnumerable => Memory(value, type, declared, depth) ?? Object(value, type, declared, depth),
        _ => Entries(value, type, declared, depth) ?? Items((IEnumerable)value, type, declared, depth),
    };

    /// <summary>The elements of a Memory, which has no enumerator.</summary>
    private static Seen? Memory(object value, Type type, Type declared, int depth) =>
        Is(type, typeof(Memory<>)) || Is(type, typeof(ReadOnlyMemory<>))
            ? Of(type.GetMethod("ToArray")!.Invoke(value, []), type.GetGenericArguments()[0].MakeArrayType(), depth) is SeenItems items
                ? items with { Type = Exact(type, declared) }
                : new SeenLeaf(type.GetMethod("ToArray")!.Invoke(value, [])!)
            : null;

    private static Seen? Entries(object value, Type type, Type declared, int depth)
    {
        if (value is IDictionary untyped && !IsListOfPairs(declared))
        {
            var pair = Pair(declared) ?? Pair(type);
            var (keys, values) = pair is null ? (typeof(object), typeof(object)) : (pair.GetGenericArguments()[0], pair.GetGenericArguments()[1]);
            return new SeenEntries(
                Exact(type, declared),
                [.. untyped.Keys.Cast<object>().Select(key => (Of(key, keys, depth + 1), Of(untyped[key], values, depth + 1)))],
                Own(value, type, depth));
        }

        if (!IsListOfPairs(declared) && !type.GetInterfaces().Any(one => Is(one, typeof(IDictionary<,>)) || Is(one, typeof(IReadOnlyDictionary<,>))))
        {
            return null;
        }

        var entry = (Pair(declared) ?? Pair(type))!;
        var (key, item) = (entry.GetProperty("Key")!, entry.GetProperty("Value")!);
        return new SeenEntries(
            Exact(type, declared),
            [.. ((IEnumerable)value).Cast<object>()
                .Select(one => (Of(key.GetValue(one), key.PropertyType, depth + 1), Of(item.GetValue(one), item.PropertyType, depth + 1)))],
            Own(value, type, depth));
    }

    private static SeenItems Items(IEnumerable value, Type type, Type declared, int depth)
    {
        var element = Element(declared) ?? Element(type) ?? typeof(object);
        var items = value is Array { Rank: > 1 } array ? Rows(array, []) : value;
        var seen = items.Cast<object?>().Select(item => Of(item, item is Array && value is Array { Rank: > 1 } ? item.GetType() : element, depth + 1)).ToArray();
        var own = Own(value, type, depth);
        if (type.GetInterfaces().FirstOrDefault(one => Is(one, typeof(IGrouping<,>))) is { } grouping)
        {
            own = [.. own, new SeenMember("Key", Of(grouping.GetProperty("Key")!.GetValue(value), grouping.GetGenericArguments()[0], depth + 1))];
        }

        return new SeenItems(Exact(type, declared), seen, !s_unordered.Any(one => Is(type, one)) && !Derives(type, s_unordered), own);
    }

    /// <summary>A multi-dimensional array as the jagged one that has the same indices.</summary>
    private static IEnumerable Rows(Array array, int[] at) =>
        Enumerable.Range(0, array.GetLength(at.Length))
            .Select(i => at.Length + 1 == array.Rank ? array.GetValue([.. at, i]) : Rows(array, [.. at, i]).Cast<object?>().ToArray()).ToArray();

    private static SeenObject Object(object value, Type type, Type declared, int depth)
    {
        var members = Members(value, type, _ => true, depth);
        if (declared.IsInterface && IsOwn(declared))
        {
            members.AddRange(declared.GetInterfaces().Prepend(declared).Where(IsOwn).SelectMany(one => one.GetProperties()).Where(IsRead)
                .Where(property => !IsPublicToo(type, property)).SelectMany(property => Member(value, property, property.PropertyType, property.GetValue, depth)));
        }

        return new SeenObject(Exact(type, declared), members, Discriminator(type));
    }

    /// <summary>Whether the interface's property is the class's public one, which has been read.</summary>
    private static bool IsPublicToo(Type type, PropertyInfo property)
    {
        var map = type.GetInterfaceMap(property.DeclaringType!);
        var getter = map.TargetMethods[Array.IndexOf(map.InterfaceMethods, property.GetMethod!)];
        return getter.IsPublic && !getter.DeclaringType!.IsInterface;
    }

    /// <summary>What a class of one's own has beside the elements of the platform's class that it derives from.</summary>
    private static List<SeenMember> Own(object value, Type type, int depth) =>
        IsOwn(type) && !IsLazy(type) ? Members(value, type, IsOwn, depth).FindAll(member => !s_ofCollections.Contains(member.Name)) : [];

    private static List<SeenMember> Members(object value, Type type, Func<Type, bool> from, int depth)
    {
        var members = new List<SeenMember>();
        var overridden = new HashSet<MethodInfo>();
        for (var at = type; at is not null && at != typeof(object) && at != typeof(ValueType); at = at.BaseType)
        {
            if (from(at))
            {
                members.InsertRange(0, at.GetFields(Declared).Where(IsRead).SelectMany(field => Member(value, field, field.FieldType, field.GetValue, depth)));
                members.InsertRange(0, at.GetProperties(Declared).Where(IsRead).Where(property => overridden.Add(property.GetMethod!.GetBaseDefinition()))
                    .SelectMany(property => Member(value, property, property.PropertyType, property.GetValue, depth)));
            }
        }

        return members;
    }

    private static IEnumerable<SeenMember> Member(object owner, MemberInfo member, Type declared, Func<object, object?> read, int depth)
    {
        Seen seen;
        object? value = null;
        try
        {
            value = read(owner);
            seen = member.IsDefined(typeof(JsonConverterAttribute)) ? new SeenByAuthor(Of(value, declared, depth + 1)) : Of(value, declared, depth + 1);
        }
        catch (Exception exception) when (exception is TargetInvocationException or NotSupportedException)
        {
            seen = new SeenUnreadable($"{member.Name} throws");
        }

        if (member.IsDefined(typeof(JsonExtensionDataAttribute)))
        {
            return seen switch
            {
                SeenEntries { Entries: var entries } => entries.Select(entry => new SeenMember((string)((SeenLeaf)entry.Key).Value, entry.Value)),
                SeenObject inner => inner.Members,
                _ => [],
            };
        }

        var absent = member.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition switch
        {
            JsonIgnoreCondition.WhenWritingNull => value is null,
            JsonIgnoreCondition.WhenWritingDefault => value is null || (declared.IsValueType && value.Equals(RuntimeHelpers.GetUninitializedObject(declared))),
            _ => false,
        };
        return [new SeenMember(member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? member.Name, seen, absent)];
    }

    private static bool IsRead(PropertyInfo property) =>
        property is { GetMethod: { IsStatic: false } get } && property.GetIndexParameters() is []
        && (get.IsPublic || property.IsDefined(typeof(JsonIncludeAttribute))) && !IsIgnored(property);

    private static bool IsRead(FieldInfo field) => (field.IsPublic || field.IsDefined(typeof(JsonIncludeAttribute))) && !IsIgnored(field);

    private static bool IsIgnored(MemberInfo member) => member.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always };

    private static bool HasConverter(Type type) => !type.IsEnum && IsOwn(type) && type.IsDefined(typeof(JsonConverterAttribute), inherit: false);

    /// <summary>The name under which the author's polymorphism writes a type, declared at it, at a base class or an interface.</summary>
    private static string? Discriminator(Type? type) =>
        type is null ? null
        : type.IsDefined(typeof(JsonDerivedTypeAttribute), inherit: false)
            ? type.GetCustomAttribute<JsonPolymorphicAttribute>(inherit: false)?.TypeDiscriminatorPropertyName ?? "$type"
            : type.GetInterfaces().Append(type.BaseType).Select(Discriminator).FirstOrDefault(name => name is not null);

    private static bool IsUnset(object value) => Is(value.GetType(), typeof(ImmutableArray<>)) && (bool)value.GetType().GetProperty("IsDefault")!.GetValue(value)!;

    /// <summary>A place that declares an interface of the platform shows elements, not the class of the collection.</summary>
    private static Type? Exact(Type type, Type declared) =>
        (declared.IsInterface && !IsOwn(declared) && !IsOwn(type)) || IsLazy(type) ? null : type;

    /// <summary>The call cannot keep the class of a sequence that runs only once.</summary>
    private static bool IsLazy(Type type) =>
        type.Name.StartsWith('<') || (type.Namespace == "System.Linq" && !type.IsPublic) || Is(type, typeof(OnceOnly<>));

    private static bool IsOwn(Type type) => !type.IsArray && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true;

    private static bool Is(Type type, Type open) => type.IsGenericType && type.GetGenericTypeDefinition() == open;

    private static bool Derives(Type? type, Type[] from) => type is not null && (from.Any(one => Is(type, one)) || Derives(type.BaseType, from));

    /// <summary>A place that declares an IEnumerable of pairs shows entries, also of a list.</summary>
    private static bool IsListOfPairs(Type declared) =>
        declared.IsInterface && !IsOwn(declared) && Pair(declared) is not null
        && !declared.GetInterfaces().Append(declared).Any(one => Is(one, typeof(IDictionary<,>)) || Is(one, typeof(IReadOnlyDictionary<,>)));

    private static Type? Pair(Type type) => Element(type) is { } element && Is(element, typeof(KeyValuePair<,>)) ? element : null;

    private static Type? Element(Type type) =>
        type.GetInterfaces().Append(type).Where(one => Is(one, typeof(IEnumerable<>))).Select(one => one.GetGenericArguments()[0]).FirstOrDefault();
}
