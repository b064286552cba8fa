using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Thoth.Interception.Invocation;

/// <summary>
/// Turns the JSON of all arguments, as text or as bytes, into the object that the enforcer evaluates, and back. The caller's bytes are
/// copied, so they cannot change after they were evaluated.
/// </summary>
internal static class JsonArguments
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <summary>Whether a type can hold the JSON. <c>System.BinaryData</c> is known by its name, because it is in a package.</summary>
    public static bool CanBeHeldBy(Type type) =>
        type == typeof(string) || type == typeof(byte[]) || type == typeof(ReadOnlyMemory<byte>) || IsBinaryData(type);

    /// <summary>Reads the object. A value that is not one unambiguous object becomes one without a kind, which is refused.</summary>
    public static Expression Read(Expression value)
    {
        if (value.Type == typeof(string))
        {
            return Expression.Call(typeof(JsonArguments), nameof(Parse), Type.EmptyTypes, value);
        }

        var bytes = !IsBinaryData(value.Type)
            ? Expression.Convert(value, typeof(ReadOnlyMemory<byte>))
            : (Expression)Expression.Condition(
                Expression.ReferenceEqual(value, Expression.Constant(null)),
                Expression.Default(typeof(ReadOnlyMemory<byte>)),
                Expression.Call(value, "ToMemory", Type.EmptyTypes));
        return Expression.Call(typeof(JsonArguments), nameof(ParseBytes), Type.EmptyTypes, bytes);
    }

    /// <summary>Writes the object for the tool.</summary>
    public static Expression Write(Expression json, Type type)
    {
        if (type == typeof(string))
        {
            return Expression.Call(json, nameof(JsonElement.GetRawText), Type.EmptyTypes);
        }

        var bytes = Expression.Call(typeof(JsonArguments), nameof(BytesOf), Type.EmptyTypes, json);
        return IsBinaryData(type) ? Expression.Call(FromBytes(type)!, bytes) : Expression.Convert(bytes, type);
    }

    private static bool IsBinaryData(Type type) =>
        type.FullName == "System.BinaryData" && FromBytes(type) is not null
        && type.GetMethod("ToMemory", Type.EmptyTypes)?.ReturnType == typeof(ReadOnlyMemory<byte>);

    private static MethodInfo? FromBytes(Type type) => type.GetMethod("FromBytes", [typeof(byte[])]);

    private static JsonElement Parse(string? text)
    {
        try
        {
            return ParseBytes(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text ?? ""));
        }
        catch (EncoderFallbackException)
        {
            return default;
        }
    }

    /// <summary>Reads one unambiguous value; returns an element without a kind if the bytes are not that.</summary>
    public static JsonElement ParseBytes(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var json = JsonElement.Parse(bytes.Span, s_strict);
            ThrowIfInvalidText(json);
            return json;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    /// <summary>Reads every text, because only that shows half of a surrogate pair.</summary>
    private static void ThrowIfInvalidText(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                json.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    ThrowIfInvalidText(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    _ = member.Name;
                    ThrowIfInvalidText(member.Value);
                }

                break;
        }
    }

    private static byte[] BytesOf(JsonElement json) => JsonMarshal.GetRawUtf8Value(json).ToArray();
}
