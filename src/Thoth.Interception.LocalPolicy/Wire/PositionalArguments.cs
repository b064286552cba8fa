using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Wire;

/// <summary>
/// Arguments that an SDK sent by position (contract §1.2.1): <c>{"args":[…]}</c>, with or without <c>kwargs</c>, or
/// <c>{"arg0":…,"arg1":…}</c>.
/// </summary>
internal sealed class PositionalArguments
{
    private static readonly JsonWriterOptions s_writerOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonElement[] _positions;
    private readonly JsonElement? _keywords;

    private PositionalArguments(JsonElement[] positions, JsonElement? keywords, bool isIndexed) =>
        (_positions, _keywords, IsIndexed) = (positions, keywords, isIndexed);

    /// <summary>Gets whether the names are <c>arg0</c> to <c>argN</c>.</summary>
    public bool IsIndexed { get; }

    /// <summary>Reads an object that has one of the forms.</summary>
    /// <returns><see langword="null"/> if it has none of them; its members are then the tool's parameters.</returns>
    public static PositionalArguments? TryRead(JsonElement arguments)
    {
        var count = arguments.GetPropertyCount();
        if (count == 0)
        {
            return null;
        }

        if (arguments.TryGetProperty("args", out var list))
        {
            JsonElement? keywords = arguments.TryGetProperty("kwargs", out var named) ? named : null;
            return list.ValueKind == JsonValueKind.Array && count == (keywords is null ? 1 : 2)
                ? new([.. list.EnumerateArray()], keywords, isIndexed: false)
                : null;
        }

        // In one pass: looking up each name would take a time that grows with the square of their number. The names are unique, so they have
        // no gap if each number is below their count.
        var positions = new JsonElement[count];
        foreach (var member in arguments.EnumerateObject())
        {
            if (IndexOf(member.Name) is not { } index || index >= count)
            {
                return null;
            }

            positions[index] = member.Value;
        }

        return new(positions, null, isIndexed: true);
    }

    /// <summary>Gets the number of a name such as <c>arg0</c>. A name such as <c>arg00</c> is another one.</summary>
    private static int? IndexOf(string name) =>
        name.StartsWith("arg", StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        && name.Length - 3 == (index == 0 ? 1 : (int)Math.Log10(index) + 1)
            ? index
            : null;

    /// <summary>Gives the arguments the names of a signature.</summary>
    /// <param name="signature">The names of the tool's parameters, in their order.</param>
    /// <param name="named">The arguments by name, as UTF-8 JSON; empty if the call does not fit the signature.</param>
    public SignatureFit Name(string[] signature, out byte[] named)
    {
        named = [];
        if (_positions.Length > signature.Length || _keywords is { ValueKind: not JsonValueKind.Object })
        {
            return SignatureFit.None;
        }

        var fit = SignatureFit.Whole;
        var json = Write(writer =>
        {
            writer.WriteStartObject();
            for (var i = 0; i < _positions.Length; i++)
            {
                writer.WritePropertyName(signature[i]);
                _positions[i].WriteTo(writer);
            }

            if (_keywords is { } keywords)
            {
                foreach (var keyword in keywords.EnumerateObject())
                {
                    var position = Array.IndexOf(signature, keyword.Name);
                    if (position < 0)
                    {
                        fit = SignatureFit.None;
                        break;
                    }

                    fit = position < _positions.Length ? SignatureFit.NamedTwice : fit;
                    keyword.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        });
        if (fit == SignatureFit.Whole)
        {
            named = json;
        }

        return fit;
    }

    /// <summary>Writes changed arguments in the form in which the caller sent them.</summary>
    /// <param name="changed">The arguments by name.</param>
    /// <param name="signature">The signature by which they were named.</param>
    /// <returns><see langword="null"/> if the form cannot express them, such as a first argument that is gone before a second one.</returns>
    public JsonElement? Rewrite(JsonElement changed, string[] signature)
    {
        var positions = new List<JsonElement>(signature.Length);
        var keywords = new List<(string Name, JsonElement Value)>();
        for (var i = 0; i < signature.Length; i++)
        {
            if (!changed.TryGetProperty(signature[i], out var value))
            {
                continue;
            }

            var wasNamed = _keywords?.TryGetProperty(signature[i], out _) ?? false;
            if (positions.Count == i && !wasNamed)
            {
                positions.Add(value);
            }
            else if (_keywords is not null && i >= _positions.Length)
            {
                keywords.Add((signature[i], value));
            }
            else
            {
                return null;
            }
        }

        return positions.Count + keywords.Count == changed.GetPropertyCount() ? Rewrite(positions, keywords) : null;
    }

    private JsonElement Rewrite(List<JsonElement> positions, List<(string Name, JsonElement Value)> keywords) => JsonElement.Parse(Write(writer =>
    {
        writer.WriteStartObject();
        if (!IsIndexed)
        {
            writer.WriteStartArray("args");
        }

        for (var i = 0; i < positions.Count; i++)
        {
            if (IsIndexed)
            {
                writer.WritePropertyName(FormattableString.Invariant($"arg{i}"));
            }

            positions[i].WriteTo(writer);
        }

        if (!IsIndexed)
        {
            writer.WriteEndArray();
        }

        // An empty object too: without it, the caller keeps the named arguments that it had.
        if (_keywords is not null)
        {
            writer.WriteStartObject("kwargs");
            foreach (var (name, value) in keywords)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }));

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, s_writerOptions))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
