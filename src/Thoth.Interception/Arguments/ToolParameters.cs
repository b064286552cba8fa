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
    private readonly bool _anySequence;
    private readonly ArgumentJson _json;
    private readonly ToolParameter? _whole;

    /// <param name="parameters">The parameters.</param>
    /// <param name="json">The serializer options.</param>
    /// <param name="wholeObject">Whether a single JSON object or string-keyed dictionary is the arguments object itself (contract §1.2.1).</param>
    public ToolParameters(ParameterInfo[] parameters, ArgumentJson json, bool wholeObject = false)
    {
        _json = json;
        _all = Array.ConvertAll(parameters, parameter => new ToolParameter(parameter, json));
        _cancellationToken = Array.FindIndex(_all, parameter => parameter.IsCancellationToken);
        _anyMutable = Array.Exists(_all, parameter => parameter.IsMutable);
        _anySequence = Array.Exists(_all, parameter => LazySequence.For(parameter.Type) is not null);
        HasSensitive = Array.Exists(_all, parameter => parameter.IsSensitive);
        var wire = Array.FindAll(_all, parameter => parameter.IsOnTheWire);
        IsEmpty = wire.Length == 0;
        _whole = wholeObject && wire is [{ CanBeAllArguments: true } single] ? single : null;
    }

    public IReadOnlyList<ToolParameter> All => _all;

    public bool HasSensitive { get; }

    /// <summary>Whether the tool has no parameter that is sent.</summary>
    public bool IsEmpty { get; }

    /// <summary>Gets the single parameter whose value is the arguments object, or <see langword="null"/> if arguments are sent by name.</summary>
    public ToolParameter? Whole => _whole;

    /// <summary>Gets the reason why values cannot be copied through JSON, or <see langword="null"/> if none is known.</summary>
    public string? ObstacleToCopy()
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

    /// <summary>Writes the arguments. Lazy sequences among the values are replaced by lists of their elements.</summary>
    /// <exception cref="ArgumentNotSerializableException">A value cannot be serialized completely.</exception>
    public byte[] Serialize(object?[] values)
    {
        if (IsEmpty)
        {
            return [];
        }

        using var json = PooledJsonWriter.Rent(ArgumentJson.MaxBytes);
        try
        {
            Write(json.Validating, values, materialize: _anySequence);
            return json.Written.ToArray();
        }
        catch (InvalidOperationException exception)
        {
            throw new ArgumentNotSerializableException("the arguments", exception);
        }
    }

    /// <summary>Whether the values are still those that were approved. Costs nothing if no value can change.</summary>
    public bool AreUnchanged(object?[] values, ReadOnlySpan<byte> approved)
    {
        if (!_anyMutable)
        {
            return true;
        }

        using var json = PooledJsonWriter.Rent(ArgumentJson.MaxBytes);
        try
        {
            Write(json.Validating, values, materialize: false);
            return json.Written.Span.SequenceEqual(approved);
        }
        catch (Exception exception) when (exception is ArgumentNotSerializableException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Reads values from the approved JSON and checks that nothing was lost.</summary>
    /// <returns>The values to run with, or <see langword="null"/> if one does not survive the round trip.</returns>
    public object?[]? Copy(object?[] values, ReadOnlyMemory<byte> approved)
    {
        if (!_anyMutable)
        {
            return values;
        }

        var copies = (object?[])values.Clone();
        try
        {
            using var document = JsonDocument.Parse(approved);
            foreach (var parameter in _all)
            {
                if (parameter.IsMutable)
                {
                    var value = _whole is null ? document.RootElement.GetProperty(parameter.Name) : document.RootElement;
                    copies[parameter.Position] = parameter.Read(value, values[parameter.Position]);
                }
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }

        return AreUnchanged(copies, approved.Span) ? copies : null;
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
            return "{\"***\":\"***\"}"u8.ToArray();
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

    private void Write(Utf8JsonWriter writer, object?[] values, bool materialize)
    {
        if (_whole is not null)
        {
            WriteWhole(writer, _whole, values[_whole.Position]);
            return;
        }

        writer.WriteStartObject();
        foreach (var parameter in _all)
        {
            if (!parameter.IsOnTheWire)
            {
                continue;
            }

            try
            {
                if (materialize)
                {
                    values[parameter.Position] = parameter.Materialize(values[parameter.Position]);
                }

                writer.WritePropertyName(parameter.Key);
                parameter.Write(writer, values[parameter.Position]);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The serializer may throw, and so may the getters and enumerators of the caller's types.
                throw new ArgumentNotSerializableException($"the argument '{parameter.Name}'", exception);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteWhole(Utf8JsonWriter writer, ToolParameter whole, object? value)
    {
        try
        {
            if (value is null or JsonElement { ValueKind: not JsonValueKind.Object })
            {
                throw new NotSupportedException("The value is not a JSON object.");
            }

            whole.Write(writer, value);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new ArgumentNotSerializableException($"the argument '{whole.Name}'", exception);
        }
    }
}
