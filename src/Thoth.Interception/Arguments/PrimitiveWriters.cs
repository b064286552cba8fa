using System.Text.Json;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Writes the most common parameter types without the serializer. The JSON is the same to the letter.
/// </summary>
internal static class PrimitiveWriters
{
    /// <summary>Gets the writer of a type, or <see langword="null"/> if the serializer must write it.</summary>
    public static Action<Utf8JsonWriter, object?>? For(Type type, ArgumentJson json)
    {
        if (json.IsConverted(type))
        {
            return null;
        }

        return Type.GetTypeCode(type) switch
        {
            _ when type.IsEnum => null,
            TypeCode.String => static (writer, value) => WriteText(writer, (string)value!),
            TypeCode.Boolean => static (writer, value) => writer.WriteBooleanValue((bool)value!),
            TypeCode.Int32 => static (writer, value) => writer.WriteNumberValue((int)value!),
            TypeCode.Int64 => static (writer, value) => writer.WriteNumberValue((long)value!),
            TypeCode.Double => static (writer, value) => writer.WriteNumberValue((double)value!),
            TypeCode.Decimal => static (writer, value) => writer.WriteNumberValue((decimal)value!),
            TypeCode.DateTime => static (writer, value) => writer.WriteStringValue((DateTime)value!),
            _ when type == typeof(Guid) => static (writer, value) => writer.WriteStringValue((Guid)value!),
            _ when type == typeof(DateTimeOffset) => static (writer, value) => writer.WriteStringValue((DateTimeOffset)value!),
            _ => null,
        };
    }

    private static void WriteText(Utf8JsonWriter writer, string value)
    {
        TextConverters.RefuseHalfPair(value);
        writer.WriteStringValue(value);
    }
}
