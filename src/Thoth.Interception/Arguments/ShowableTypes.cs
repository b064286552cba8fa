using System.Runtime.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Thoth.Interception.Arguments;

/// <summary>Finds, by the types alone, what can never be shown to the enforcer.</summary>
internal sealed class ShowableTypes
{
    private const string Unsupported = "the serializer does not support it; use another type or a JsonConverter, or exclude the member with [JsonIgnore]";

    /// <summary>The types for which the serializer has a converter that always throws.</summary>
    private static readonly Type[] s_unsupported = [typeof(nint), typeof(nuint), typeof(SerializationInfo)];

    private readonly ArgumentJson _json;
    private readonly HashSet<Type> _seen = [];
    private readonly List<string> _obstacles = [];

    private ShowableTypes(ArgumentJson json) => _json = json;

    /// <summary>Gets each member of a parameter that can never be shown, with its type and the way out.</summary>
    public static IReadOnlyList<string> ObstaclesIn(ToolParameter parameter, ArgumentJson json)
    {
        var search = new ShowableTypes(json);
        if (parameter.IsOnTheWire && !parameter.IsOpaque)
        {
            search.Visit(parameter.Type, parameter.Name);
        }

        return search._obstacles;
    }

    private void Visit(Type declared, string path)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(object) || PlaceholderTypes.Contains(type) || _json.IsConverted(type) || !_seen.Add(type))
        {
            return;
        }

        if (Array.IndexOf(s_unsupported, type) >= 0 || type is { IsArray: true, IsSZArray: false } || _json.RuntimeTypes.InfoOf(type) is not { } plain)
        {
            Add(path, type, Unsupported);
            return;
        }

        var found = _obstacles.Count;
        VisitMembers(plain, path);
        if (_obstacles.Count == found && ReasonOf(type) is { } reason)
        {
            Add(path, type, reason);
        }
    }

    private void VisitMembers(JsonTypeInfo info, string path)
    {
        if (info.ElementType is { } element)
        {
            Visit(element, path + "[]");
            return;
        }

        // The members of a class of the framework lead into its inside; that the class cannot be shown says enough.
        if (FrameworkTypes.Contains(info.Type) && !info.Type.IsGenericType)
        {
            return;
        }

        foreach (var property in info.Properties)
        {
            if (property is { Get: not null, CustomConverter: null })
            {
                Visit(property.PropertyType, $"{path}.{property.Name}");
            }
        }
    }

    /// <summary>Gets the reason why no value of a type can be shown. A class of the application that is not sealed may have a subclass that can be.</summary>
    private string? ReasonOf(Type type)
    {
        if (_json.RuntimeTypes.IsOpen(type) && !FrameworkTypes.Contains(type))
        {
            return null;
        }

        try
        {
            _json.Writing.GetTypeInfo(type);
            return null;
        }
        catch (ArgumentObstacleException exception)
        {
            return exception.Message;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Unsupported;
        }
    }

    private void Add(string path, Type type, string reason) => _obstacles.Add($"'{path}' of type '{type}' can never be shown to the enforcer: {reason}");
}
