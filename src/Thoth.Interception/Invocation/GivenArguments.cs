using System.Text.Json;
using Thoth.Interception.Arguments;

namespace Thoth.Interception.Invocation;

/// <summary>The arguments of one call as a tool loop has them: the JSON of a model, or a map of values. No message contains a value or an unknown name.</summary>
internal sealed class GivenArguments
{
    private static readonly ToolParameters s_map = new(
        ((Action<Dictionary<string, object?>>)(static arguments => { })).Method.GetParameters(), ArgumentJson.Default, wholeObject: true);

    private readonly IReadOnlyDictionary<string, object?>? _map;
    private JsonElement? _json;

    public GivenArguments(ReadOnlyMemory<byte> json) =>
        _json = json.Length <= ArgumentJson.MaxBytes ? JsonArguments.ParseBytes(json) : default(JsonElement);

    public GivenArguments(IReadOnlyDictionary<string, object?> map) => _map = map;

    /// <summary>Gets the arguments as one object.</summary>
    /// <exception cref="ArgumentNotSerializableException">They are not one unambiguous object, or a value cannot be shown.</exception>
    public JsonElement ToJson()
    {
        _json ??= JsonArguments.ParseBytes(s_map.Serialize([
            _map!.GetType() == typeof(Dictionary<string, object?>) ? _map : new Dictionary<string, object?>(_map)]));
        return _json is { ValueKind: JsonValueKind.Object } json
            ? json
            : throw Unfit("the arguments are not one JSON object, or have a name twice, invalid Unicode, or more than 1 MiB; pass one JSON object");
    }

    /// <summary>Binds the arguments to the parameters of a tool, completely.</summary>
    /// <exception cref="ArgumentNotSerializableException">They do not fit.</exception>
    public object?[] BindTo(ToolParameters parameters, CancellationToken cancellationToken)
    {
        var values = new object?[parameters.All.Count];
        var count = 0;
        foreach (var parameter in parameters.All)
        {
            if (parameter.IsCancellationToken)
            {
                values[parameter.Position] = cancellationToken;
            }
            else if (parameter.IsOnTheWire)
            {
                count += TryBind(parameter, parameters.Json, out values[parameter.Position]) ? 1 : 0;
            }
        }

        return count == (_map?.Count ?? ToJson().GetPropertyCount()) ? values : throw Unknown(parameters);
    }

    /// <summary>Gets the arguments as a map. JSON's <c>null</c> is <see langword="null"/>.</summary>
    /// <exception cref="ArgumentNotSerializableException">They are not one unambiguous object.</exception>
    public IReadOnlyDictionary<string, object?> ToMap() => _map ?? ToJson().EnumerateObject().ToDictionary(
        static member => member.Name,
        static member => member.Value.ValueKind == JsonValueKind.Null ? null : (object?)member.Value,
        StringComparer.Ordinal);

    /// <summary>Binds one parameter; returns <see langword="false"/> if it takes its default.</summary>
    private bool TryBind(ToolParameter parameter, ArgumentJson options, out object? value)
    {
        if (_map is not null && _map.TryGetValue(parameter.Name, out value) && parameter.Type.IsInstanceOfType(value))
        {
            return true;
        }

        value = null;
        if (_map is { Count: 0 } || !ToJson().TryGetProperty(parameter.Name, out var json))
        {
            value = parameter.IsOptional ? parameter.DefaultValue : throw Missing(parameter);
            return false;
        }

        try
        {
            value = ArgumentReader.ReadNew(parameter, json, options);
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw Misfit(parameter, exception);
        }
    }

    /// <summary>Refuses an argument that no parameter has.</summary>
    public static ArgumentNotSerializableException Unknown(ToolParameters parameters)
    {
        var names = string.Join("', '", parameters.All.Where(static parameter => parameter.IsOnTheWire).Select(static parameter => parameter.Name));
        return Unfit($"the tool does not have one of the arguments; {(names.Length == 0 ? "it takes none" : $"it takes '{names}'")}");
    }

    /// <summary>Refuses arguments without a value for a parameter that needs one.</summary>
    public static ArgumentNotSerializableException Missing(ToolParameter parameter) => Unfit($"the argument '{parameter.Name}' is missing; pass it");

    /// <summary>Refuses a value that is not one of the parameter's type.</summary>
    public static ArgumentNotSerializableException Misfit(ToolParameter parameter, Exception cause) =>
        Unfit($"the argument '{parameter.Name}' does not fit the tool's parameter; pass a value of its type", cause);

    /// <summary>Refuses arguments for a reason that ends with what to do.</summary>
    public static ArgumentNotSerializableException Unfit(string message, Exception? cause = null) =>
        new(message, cause ?? new JsonException("The arguments do not fit."));
}
