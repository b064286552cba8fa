using System.Reflection;
using System.Text.Json;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Arguments;

/// <summary>All parameters of a tool: writes its arguments as one JSON object keyed by parameter name, and reads them (contract §1.2.1).</summary>
internal sealed class ToolParameters
{
    private readonly ToolParameter[] _all;
    private readonly int _cancellationToken;
    private readonly bool _anyMutable;
    private readonly IReadOnlyCollection<string> _sensitive;
    private readonly ArgumentJson _json;
    private readonly ToolParameter? _whole;
    private readonly ArgumentWriter _writer;

    /// <param name="parameters">The parameters.</param>
    /// <param name="json">The serializer options.</param>
    /// <param name="wholeObject">Whether a single JSON object or string-keyed dictionary is the arguments object itself (contract §1.2.1).</param>
    /// <param name="sensitive">The names in that object whose values are masked.</param>
    public ToolParameters(ParameterInfo[] parameters, ArgumentJson json, bool wholeObject = false, IReadOnlyCollection<string>? sensitive = null)
    {
        _sensitive = sensitive ?? [];
        _json = json;
        _all = Array.ConvertAll(parameters, parameter => new ToolParameter(parameter, json));
        _cancellationToken = Array.FindIndex(_all, parameter => parameter.IsCancellationToken);
        _anyMutable = Array.Exists(_all, parameter => parameter.IsMutable);
        HasSensitive = _sensitive.Count > 0 || Array.Exists(_all, parameter => parameter.IsSensitive);
        var wire = Array.FindAll(_all, parameter => parameter.IsOnTheWire);
        IsEmpty = wire.Length == 0;
        _whole = wholeObject && wire is [{ CanBeAllArguments: true } single] ? single : null;
        _writer = new ArgumentWriter(_all, _whole, json);
    }

    public IReadOnlyList<ToolParameter> All => _all;

    public ArgumentJson Json => _json;

    public ArgumentWriter Writer => _writer;

    public bool HasSensitive { get; }

    /// <summary>Whether the tool has no parameter that is sent.</summary>
    public bool IsEmpty { get; }

    /// <summary>Gets the single parameter whose value is the arguments object, or <see langword="null"/> if arguments are sent by name.</summary>
    public ToolParameter? Whole => _whole;

    /// <summary>Gets all that makes calls impossible, by the types alone: what can never be shown, and what cannot be copied.</summary>
    /// <param name="isolation">How the tool gets its arguments.</param>
    public List<string> ObstaclesTo(ArgumentIsolation isolation)
    {
        var obstacles = new List<string>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parameter in _all)
        {
            if (parameter.IsOnTheWire && !names.Add(parameter.Name))
            {
                obstacles.Add($"more than one parameter is named '{parameter.Name}', and parsers disagree about which one counts; rename one");
            }

            obstacles.AddRange(ShowableTypes.ObstaclesIn(parameter, _json));
        }

        if (obstacles.Count == 0 && isolation == ArgumentIsolation.Copy && ObstacleToCopy() is { } obstacle)
        {
            obstacles.Add(obstacle);
        }

        return obstacles;
    }

    /// <summary>Gets the reason why values cannot be copied through JSON, or <see langword="null"/> if none is known.</summary>
    private string? ObstacleToCopy()
    {
        foreach (var parameter in _all)
        {
            if (parameter.IsMutable && RoundTripCheck.ObstacleIn(parameter.Type, _json) is { } obstacle)
            {
                return $"its parameter '{parameter.Name}' cannot be copied through JSON ({obstacle}); use ArgumentIsolation.Verify";
            }
        }

        return null;
    }

    public CancellationToken CancellationTokenIn(object?[] values) =>
        _cancellationToken >= 0 && values[_cancellationToken] is CancellationToken token ? token : CancellationToken.None;

    /// <summary>
    /// Writes the arguments. To show them, lazy sequences among the values are replaced by lists of their elements, and arguments with a
    /// lazy sequence inside by copies.
    /// </summary>
    /// <param name="values">The values. <see cref="WritingPurpose.Copy"/> replaces each one that may change by a copy, read from what is written.</param>
    /// <param name="purpose">What the JSON is for.</param>
    /// <exception cref="ArgumentNotSerializableException">A value cannot be serialized completely, or copied without loss.</exception>
    public byte[] Serialize(object?[] values, WritingPurpose purpose = WritingPurpose.Show)
    {
        if (IsEmpty)
        {
            return [];
        }

        using var json = PooledJsonWriter.Rent(ArgumentJson.MaxBytes);
        try
        {
            _writer.Write(json, values, purpose);
            return json.Written.ToArray();
        }
        catch (InvalidOperationException exception)
        {
            throw new ArgumentNotSerializableException("the arguments are larger than 1 MiB of JSON; pass less", exception);
        }
    }

    /// <summary>Whether the values are still those that were approved. Costs nothing if no value can change.</summary>
    /// <param name="values">The values.</param>
    /// <param name="shown">The arguments that were shown.</param>
    /// <param name="modified">What a MODIFY decision approved instead, if it did.</param>
    public bool AreUnchanged(object?[] values, ReadOnlyMemory<byte> shown, ModifiedApproval? modified = null)
    {
        if (!_anyMutable)
        {
            return true;
        }

        using var json = PooledJsonWriter.Rent(ArgumentJson.MaxBytes);
        try
        {
            _writer.Write(json, values, WritingPurpose.Compare, modified?.Replaced);
            return json.Written.Span.SequenceEqual((modified?.Json ?? shown).Span);
        }
        catch (Exception exception) when (exception is ArgumentNotSerializableException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Names what differs from the approved arguments, and whether it differs each time that it is read.</summary>
    public string DescribeChange(object?[] values, ReadOnlyMemory<byte> shown, ModifiedApproval? modified = null)
    {
        const string Changed = "changed after the arguments were approved; leave them alone until the call returns, " +
            "and exclude a member that changes by itself with [JsonIgnore] or a JsonConverter";
        try
        {
            var (first, second) = (Rewrite(values, modified), Rewrite(values, modified));
            var root = Whole?.Name ?? "";
            var path = JsonPath.OfDifference(root, (modified?.Json ?? shown).Span, first, _writer.IsMember);
            return JsonPath.OfDifference(root, first, second, _writer.IsMember) == path && !first.AsSpan().SequenceEqual(second)
                ? $"'{path.TrimStart('.')}' reads differently each time; exclude it with [JsonIgnore] or a JsonConverter"
                : $"'{path.TrimStart('.')}' {Changed}";
        }
        catch (Exception exception) when (exception is ArgumentNotSerializableException or InvalidOperationException)
        {
            return exception is ArgumentNotSerializableException ? $"{exception.Message}; it could when it was approved" : $"an argument {Changed}";
        }
    }

    /// <summary>Masks the sensitive arguments.</summary>
    public ReadOnlyMemory<byte> Mask(ReadOnlyMemory<byte> arguments)
    {
        if (!HasSensitive || arguments.IsEmpty)
        {
            return arguments;
        }

        if (_whole is not null)
        {
            return _whole.IsSensitive ? "{\"***\":\"***\"}"u8.ToArray() : MaskMembers(arguments);
        }

        using var document = JsonDocument.Parse(arguments);
        using var json = PooledJsonWriter.Rent(ArgumentJson.MaxBytes);
        var writer = json.Validating;
        writer.WriteStartObject();
        foreach (var parameter in _all)
        {
            if (parameter.IsOnTheWire)
            {
                writer.WritePropertyName(parameter.Key);
                if (parameter.IsSensitive)
                {
                    writer.WriteStringValue("***");
                }
                else
                {
                    document.RootElement.GetProperty(parameter.Name).WriteTo(writer);
                }
            }
        }

        writer.WriteEndObject();
        return json.Written.ToArray();
    }

    private byte[] MaskMembers(ReadOnlyMemory<byte> arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        using var json = PooledJsonWriter.Rent(ArgumentJson.MaxBytes);
        var writer = json.Validating;
        writer.WriteStartObject();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (_sensitive.Contains(member.Name, StringComparer.OrdinalIgnoreCase))
            {
                writer.WriteString(member.Name, "***");
            }
            else
            {
                member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
        return json.Written.ToArray();
    }

    private byte[] Rewrite(object?[] values, ModifiedApproval? modified)
    {
        using var json = PooledJsonWriter.Rent(ArgumentJson.MaxBytes);
        _writer.Write(json, values, WritingPurpose.Compare, modified?.Replaced);
        return json.Written.ToArray();
    }
}
