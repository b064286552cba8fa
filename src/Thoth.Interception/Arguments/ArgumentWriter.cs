using System.Runtime.InteropServices;
using System.Text.Json;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Arguments;

/// <summary>Writes the arguments of one tool, and refuses those that cannot be shown completely.</summary>
internal sealed class ArgumentWriter(ToolParameter[] parameters, ToolParameter? whole, ArgumentJson options)
{
    /// <summary>Whether a name in the JSON is that of a parameter or member. Other names, the keys of dictionaries, are values.</summary>
    public bool IsMember(string name) =>
        options.RuntimeTypes.IsMember(name) || Array.Exists(parameters, parameter => parameter.Name == name);

    /// <summary>Writes the arguments.</summary>
    /// <param name="json">The target.</param>
    /// <param name="values">The values, some of which are replaced if they are shown for the first time.</param>
    /// <param name="purpose">What the JSON is for.</param>
    /// <param name="replaced">The parameters, by position, that are written as null, because a decision replaced them.</param>
    public void Write(PooledJsonWriter json, object?[] values, WritingPurpose purpose, bool[]? replaced = null)
    {
        if (whole is not null)
        {
            if (replaced is not null && replaced[whole.Position])
            {
                json.Validating.WriteNullValue();
            }
            else
            {
                WriteArgument(json, whole, values, purpose);
            }

            return;
        }

        var writer = json.Validating;
        writer.WriteStartObject();
        foreach (var parameter in parameters)
        {
            if (!parameter.IsOnTheWire)
            {
                continue;
            }

            writer.WritePropertyName(parameter.Key);
            if (replaced is not null && replaced[parameter.Position])
            {
                writer.WriteNullValue();
            }
            else
            {
                WriteArgument(json, parameter, values, purpose);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>Gets what the arguments that a decision left as they were must still say.</summary>
    public ModifiedApproval WithoutReplaced(JsonElement shown, bool[] replaced)
    {
        using var json = PooledJsonWriter.Rent(ArgumentJson.MaxBytes);
        if (whole is not null && replaced[whole.Position])
        {
            return new ModifiedApproval("null"u8.ToArray(), replaced);
        }

        var writer = json.Validating;
        if (whole is not null)
        {
            writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(shown));
            return new ModifiedApproval(json.Written.ToArray(), replaced);
        }

        writer.WriteStartObject();
        foreach (var parameter in parameters)
        {
            if (!parameter.IsOnTheWire)
            {
                continue;
            }

            writer.WritePropertyName(parameter.Key);
            if (replaced[parameter.Position])
            {
                writer.WriteNullValue();
            }
            else
            {
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(shown.GetProperty(parameter.Name)));
            }
        }

        writer.WriteEndObject();
        return new ModifiedApproval(json.Written.ToArray(), replaced);
    }

    private void WriteArgument(PooledJsonWriter json, ToolParameter parameter, object?[] values, WritingPurpose purpose)
    {
        var start = -1;
        try
        {
            if (parameter.IsWrittenDirectly)
            {
                parameter.Write(json.Validating, values[parameter.Position]);
            }
            else
            {
                WriteBySerializer(json, parameter, ref values[parameter.Position], purpose, ref start);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The serializer may throw, and so may the getters and enumerators of the caller's types.
            throw Describe(exception, json, parameter, start);
        }
    }

    private void WriteBySerializer(PooledJsonWriter json, ToolParameter parameter, ref object? value, WritingPurpose purpose, ref int start)
    {
        using var notes = WritingNotes.Start(collects: purpose != WritingPurpose.Compare);
        start = json.Written.Length;
        notes.LeavesSequences = purpose == WritingPurpose.Capture;
        if (purpose is WritingPurpose.Show or WritingPurpose.Copy)
        {
            value = parameter.Materialize(value);
        }

        if (parameter == whole && value is null or JsonElement { ValueKind: not JsonValueKind.Object })
        {
            throw new ArgumentObstacleException("the arguments of a call are a JSON object, and this is another value; pass an object");
        }

        parameter.Write(json.Validating, value);
        if (purpose == WritingPurpose.Compare)
        {
            return;
        }

        var written = json.Written[start..];
        WrittenJson.Check(written, notes);
        if (value is not null && (notes.RanSequence || (purpose == WritingPurpose.Copy && parameter.IsMutable)))
        {
            value = ArgumentReader.Copy(parameter, written, value, notes);
        }
    }

    private ArgumentNotSerializableException Describe(Exception exception, PooledJsonWriter json, ToolParameter parameter, int start)
    {
        var depth = json.Validating.CurrentDepth;
        var written = start < 0 || exception is JsonTooLargeException ? default : json.Written.Span[start..];
        return ArgumentNotSerializableException.For(parameter.Name, exception, written, depth, IsMember);
    }
}
