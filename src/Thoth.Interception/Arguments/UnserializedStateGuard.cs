using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Refuses values with state that System.Text.Json does not write, because the tool would get more than the enforcer.
/// </summary>
internal static class UnserializedStateGuard
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Refuses an object type with state that the serializer does not write.</summary>
    /// <exception cref="ArgumentObstacleException">The type has state that no member shows, or a member that the JSON hides.</exception>
    public static void RefuseIn(JsonTypeInfo info)
    {
        if (FrameworkTypes.IsOptional(info.Type))
        {
            return;
        }

        if (info.Type.IsDefined(typeof(InlineArrayAttribute)) || info.Type.IsDefined(typeof(UnsafeValueTypeAttribute)))
        {
            throw new ArgumentObstacleException($"'{info.Type}' has elements of which its only member shows the first; use an array, or write a JsonConverter");
        }

        var shown = new List<MemberInfo>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in info.Properties)
        {
            if (property.Get is not null)
            {
                names.Add((property.AttributeProvider as MemberInfo)?.Name ?? property.Name);
                if (property.AttributeProvider is MemberInfo member)
                {
                    shown.Add(member);
                }
            }
        }

        for (var type = info.Type; type is not null && type != typeof(object); type = type.BaseType)
        {
            // A type of the application is trusted to show its state by its members. Types of the framework such as StringBuilder,
            // Regex or BigInteger do not, so each of their fields needs a member.
            if (names.Count > 0 && !FrameworkTypes.Contains(type))
            {
                continue;
            }

            foreach (var field in type.GetFields(All))
            {
                if (!names.Contains(MemberOf(field)))
                {
                    throw new ArgumentObstacleException(
                        $"'{info.Type}' has state that no public member shows; give it public members or a JsonConverter");
                }
            }
        }

        HiddenMembers.RefuseIn(info.Type, shown);
    }

    /// <summary>Gets the name of the member that a field of the framework backs: <c>m_real</c>, <c>_real</c> and <c>real</c> back <c>Real</c>.</summary>
    private static string MemberOf(FieldInfo field)
    {
        var name = field.Name;
        if (name.StartsWith('<'))
        {
            return name[1..Math.Max(1, name.IndexOf('>', StringComparison.Ordinal))];
        }

        return name.StartsWith("m_", StringComparison.Ordinal) ? name[2..] : name.TrimStart('_');
    }
}
