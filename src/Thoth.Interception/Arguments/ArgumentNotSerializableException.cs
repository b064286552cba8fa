using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Arguments;

/// <summary>
/// An argument cannot be shown completely. The message names the argument, its member and types; the inner exception may quote the
/// value, so the message does not repeat it.
/// </summary>
internal sealed class ArgumentNotSerializableException(string message, Exception innerException) : Exception(message, innerException)
{
    private const string WayOut = "give the type public members or a JsonConverter, pass what the tool needs of it, or exclude the member with [JsonIgnore]";

    /// <summary>Describes a failure while an argument was written.</summary>
    /// <param name="name">The argument's name.</param>
    /// <param name="cause">What the serializer, this library or a getter threw.</param>
    /// <param name="written">The argument's JSON so far.</param>
    /// <param name="depth">How deeply the JSON is nested where the failure occurred.</param>
    /// <param name="isMember">Whether a name is the name of a member, and not a key.</param>
    public static ArgumentNotSerializableException For(
        string name, Exception cause, ReadOnlySpan<byte> written, int depth, Func<string, bool> isMember)
    {
        if (cause is ArgumentObstacleException { Offset: >= 0 } found)
        {
            written = written[..Math.Min(found.Offset, written.Length)];
        }

        // The getter runs before the name of its member is written.
        var getter = GetterIn(cause);
        var path = JsonPath.OfNext(name, written, isMember) + (getter is null ? "" : "." + getter.Value.Member);
        var reason = cause switch
        {
            ArgumentObstacleException => cause.Message,
            JsonTooLargeException => "the arguments are larger than 1 MiB of JSON; pass less",
            _ when getter is { } of => $"the getter of '{of.Type}' threw '{cause.GetType()}'; correct it, or exclude the member with [JsonIgnore]",
            _ when depth >= PooledJsonWriter.MaxDepth || IsCycle(cause) =>
                "it contains itself or is nested more than 64 levels deep; pass flatter data, or exclude the reference back with [JsonIgnore]",
            NotSupportedException when IsOfSerializer(cause) && TypeIn(cause.Message) is { } type => $"the serializer does not support '{type}'; {WayOut}",
            ArgumentException when IsOfSerializer(cause) => "a number is NaN or infinite, which JSON cannot express; pass a finite number",
            _ when IsOfSerializer(cause) => $"'{cause.GetType()}' was thrown while it was read; {WayOut}",
            _ => $"'{cause.GetType()}' was thrown while it was read; correct the code that throws it, or exclude the member with [JsonIgnore]",
        };
        var place = path == name ? "" : $"at '{path}', ";
        return new ArgumentNotSerializableException($"the argument '{name}' cannot be shown to the enforcer completely: {place}{reason}", cause);
    }

    private static bool IsCycle(Exception cause) => cause is JsonException && cause.Message.Contains("cycle", StringComparison.Ordinal);

    private static bool IsOfSerializer(Exception cause) => cause.TargetSite?.DeclaringType?.Assembly == typeof(JsonSerializer).Assembly;

    /// <summary>Gets the first type that a message of the serializer quotes.</summary>
    private static string? TypeIn(string message) => message.Split('\'') is [_, var type, _, ..] ? type : null;

    /// <summary>Gets the getter that the serializer called and that threw.</summary>
    private static (Type Type, string Member)? GetterIn(Exception cause)
    {
        MethodBase? last = null;
        foreach (var frame in new StackTrace(cause).GetFrames())
        {
            if (frame.GetMethod() is not { DeclaringType: { } type } method || type.Assembly == typeof(JsonSerializer).Assembly)
            {
                break;
            }

            // The serializer reads a member through a delegate, perhaps one of this library.
            if (type.Assembly != typeof(ArgumentNotSerializableException).Assembly)
            {
                last = method;
            }
        }

        return last is { IsSpecialName: true, DeclaringType: { } owner } && last.Name.StartsWith("get_", StringComparison.Ordinal)
            ? (owner, last.Name[4..])
            : null;
    }
}
