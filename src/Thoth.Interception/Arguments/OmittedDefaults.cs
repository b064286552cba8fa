using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Writes members with <c>[JsonIgnore(Condition = WhenWritingDefault)]</c> unless they are the default to the last bit. The serializer
/// relies on <c>Equals</c>, by which -0, 0.00 and a UTC time can equal the default, and a struct of the application anything.
/// </summary>
internal static class OmittedDefaults
{
    private static readonly MethodInfo s_isNotZero = typeof(OmittedDefaults).GetMethod(nameof(IsNotZero), BindingFlags.Static | BindingFlags.NonPublic)!;

    public static void WriteUnlessExact(JsonPropertyInfo property)
    {
        var type = property.PropertyType;
        if (type.IsValueType && !type.IsByRefLike && Nullable.GetUnderlyingType(type) is null
            && (property.AttributeProvider as MemberInfo)?.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.WhenWritingDefault })
        {
            property.ShouldSerialize = s_isNotZero.MakeGenericMethod(type).CreateDelegate<Func<object, object?, bool>>();
        }
    }

    private static bool IsNotZero<T>(object owner, object? value)
        where T : struct
    {
        // A reference in it may be hidden by its Equals too.
        if (value is not T bits || RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            return true;
        }

        return MemoryMarshal.AsBytes(new ReadOnlySpan<T>(ref bits)).ContainsAnyExcept((byte)0);
    }
}
