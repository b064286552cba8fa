using System.Text.Json;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Reads an argument from JSON so that nothing gets lost. The one check of it all: what was read, written again, says what the JSON
/// says, and its objects have the types and comparers that the caller's have.
/// </summary>
internal static class ArgumentReader
{
    /// <summary>Reads a copy of a value that has just been written.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="written">The value's JSON.</param>
    /// <param name="original">The value.</param>
    /// <param name="notes">What was noticed while it was written.</param>
    /// <exception cref="ArgumentObstacleException">Something got lost.</exception>
    public static object? Copy(ToolParameter parameter, ReadOnlyMemory<byte> written, object original, WritingNotes notes)
    {
        object? copy;
        try
        {
            using var document = JsonDocument.Parse(written);
            copy = Read(parameter, document.RootElement, original, notes);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw Loss(notes);
        }

        using var json = PooledJsonWriter.Rent(ArgumentJson.MaxBytes);
        using var again = WritingNotes.Start();
        parameter.Write(json.Validating, copy);
        if (!json.Written.Span.SequenceEqual(written.Span))
        {
            throw Loss(notes, offset: written.Span.CommonPrefixLength(json.Written.Span));
        }

        return again.SameTypesAs(notes) ? copy : throw Loss(notes, lost: notes.FirstTypeNotIn(again));
    }

    /// <summary>Binds what a decision says.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="said">The decision's JSON, which differs from what was shown.</param>
    /// <param name="shown">What was shown of the caller's value.</param>
    /// <param name="original">The caller's value.</param>
    /// <param name="options">The serializer options.</param>
    /// <exception cref="Exception">The decision cannot be bound without loss.</exception>
    public static object? Bind(ToolParameter parameter, JsonElement said, JsonElement shown, object? original, ArgumentJson options)
    {
        using var writtenNow = WritingNotes.Start();
        if (original is not null && said.ValueKind != JsonValueKind.Null && !parameter.IsWrittenDirectly)
        {
            // What does not survive unchanged does not survive a change either.
            using var json = PooledJsonWriter.Rent(ArgumentJson.MaxBytes);
            parameter.Write(json.Validating, original);
            var written = json.Written;
            using var document = JsonDocument.Parse(written);
            if (!JsonElement.DeepEquals(document.RootElement, shown))
            {
                throw new ArgumentObstacleException("the argument changed");
            }

            Copy(parameter, written, original, writtenNow);
        }

        var value = Read(parameter, said, original, writtenNow);
        return Checked(parameter, value, said, parameter.TypeToRead(original), options);
    }

    /// <summary>Reads an argument that no caller has as a value yet: as the parameter's type, whatever types derive from it.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="said">The JSON.</param>
    /// <param name="options">The serializer options.</param>
    /// <exception cref="Exception">The JSON does not fit the type completely.</exception>
    public static object? ReadNew(ToolParameter parameter, JsonElement said, ArgumentJson options)
    {
        if (parameter.Type == typeof(object))
        {
            return said.ValueKind == JsonValueKind.Null ? null : said.Clone();
        }

        using var notes = WritingNotes.Start();
        var value = notes.Objects.Read(static (parameter, json, _) => parameter.ReadDeclared(json), parameter, said, null);
        return Checked(parameter, value, said, parameter.Type, options);
    }

    /// <summary>Returns the value if it says, written again, what was said.</summary>
    private static object? Checked(ToolParameter parameter, object? value, JsonElement said, Type? type, ArgumentJson options)
    {
        using var boundJson = PooledJsonWriter.Rent(ArgumentJson.MaxBytes);
        using var boundNotes = WritingNotes.Start();
        parameter.Write(boundJson.Validating, value);
        WrittenJson.Check(boundJson.Written, boundNotes);
        using var bound = JsonDocument.Parse(boundJson.Written);
        return JsonComparison.SaysTheSame(type, said, bound.RootElement, options)
            ? value
            : throw new ArgumentObstacleException("the bound value says something else");
    }

    private static object? Read(ToolParameter parameter, JsonElement json, object? original, WritingNotes notes) =>
        notes.Objects.Read(static (parameter, json, original) => parameter.Read(json, original), parameter, json, original);

    private static ArgumentObstacleException Loss(WritingNotes notes, Type? lost = null, int offset = -1)
    {
        var what = lost is null ? "it" : $"it holds a '{lost}', which";
        return new ArgumentObstacleException(
            notes.RanSequence
                ? $"a lazy sequence in it was run, so the tool would get a copy; {what} cannot be read back from JSON without loss; pass a list or an array"
                : $"{what} cannot be read back from JSON without loss; use ArgumentIsolation.Verify",
            offset);
    }
}
