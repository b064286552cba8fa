using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Thoth.Interception.Arguments;

/// <summary>One parameter of a tool: writes its value for the enforcer and reads a modified one.</summary>
internal sealed class ToolParameter
{
    private static readonly NullabilityInfoContext s_nullability = new();

    private readonly ArgumentJson _json;
    private readonly Action<Utf8JsonWriter, object?>? _write;
    private readonly JsonTypeInfo? _typeInfo;
    private readonly bool _refusesNull;
    private readonly bool _bindsByDeclaredType;
    private readonly bool _isConverted;
    private readonly bool _isNoted;
    private readonly bool _isParams;
    private readonly object? _default;
    private readonly LazySequence? _sequence;

    public ToolParameter(ParameterInfo parameter, ArgumentJson json)
    {
        _json = json;
        Name = NameOf(parameter);
        Type = TypeOf(parameter);
        Position = parameter.Position;
        Key = JsonEncodedText.Encode(Name);
        IsSensitive = parameter.IsDefined(typeof(SensitiveAttribute));
        IsCancellationToken = IsToken(Type);
        IsOnTheWire = GoesOnTheWire(parameter);
        IsOpaque = IsOnTheWire && PlaceholderTypes.Contains(Type);
        _isParams = IsParams(parameter) && Empty() is not null;
        IsOptional = parameter.HasDefaultValue || _isParams;
        _default = DefaultOf(parameter, Type);
        if (!IsOnTheWire)
        {
            return;
        }

        IsMutable = !IsOpaque && !ImmutableTypes.Contains(Type);
        _write = IsOpaque ? WriteOpaque : PrimitiveWriters.For(Type, json);
        _typeInfo = _write is null ? TypeInfoOrNull(json.RuntimeTypes.IsOpen(Type) ? typeof(object) : Type, json) : null;
        _bindsByDeclaredType = Type != typeof(object) && !json.RuntimeTypes.IsOpen(Type);
        _isNoted = json.RuntimeTypes.IsNoted(Type);
        _isConverted = json.RuntimeTypes.IsConverted(Type);
        _refusesNull = RefusesNull(parameter, Type);
        _sequence = LazySequence.For(Type);
    }

    public string Name { get; }

    public Type Type { get; }

    public int Position { get; }

    public JsonEncodedText Key { get; }

    /// <summary>Whether the value is masked in captured arguments and logs.</summary>
    public bool IsSensitive { get; }

    /// <summary>Whether the parameter is a cancellation token, nullable or not.</summary>
    public bool IsCancellationToken { get; }

    /// <summary>Whether the value is sent; not for cancellation tokens and <see langword="out"/> parameters, which have no input.</summary>
    public bool IsOnTheWire { get; }

    /// <summary>Whether a placeholder is sent for the value, which a decision cannot replace.</summary>
    public bool IsOpaque { get; }

    /// <summary>Whether the value is written without the serializer.</summary>
    public bool IsWrittenDirectly => _write is not null;

    /// <summary>Whether the value may change between the decision and the call.</summary>
    public bool IsMutable { get; }

    /// <summary>Whether the type can hold all arguments of a call by name.</summary>
    public bool CanBeAllArguments =>
        Type == typeof(JsonElement) || Type == typeof(System.Text.Json.Nodes.JsonObject)
        || Array.Exists([Type, .. Type.GetInterfaces()], static type => type.IsGenericType
            && type.GetGenericTypeDefinition() is var definition
            && (definition == typeof(IDictionary<,>) || definition == typeof(IReadOnlyDictionary<,>))
            && type.GetGenericArguments()[0] == typeof(string));

    public bool IsOptional { get; }

    /// <summary>Gets the value of an omitted argument: for <see langword="params"/> a new empty collection each time.</summary>
    public object? DefaultValue => _isParams ? Empty() : _default;

    public static string NameOf(ParameterInfo parameter) => string.IsNullOrEmpty(parameter.Name) ? $"arg{parameter.Position}" : parameter.Name;

    public static Type TypeOf(ParameterInfo parameter) =>
        parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;

    /// <inheritdoc cref="IsOnTheWire"/>
    public static bool GoesOnTheWire(ParameterInfo parameter) =>
        !IsToken(TypeOf(parameter)) && !(parameter.IsOut && parameter.ParameterType.IsByRef);

    /// <summary>Reads a lazy sequence once, so that the enforcer and the tool see the same elements; returns any other value as it is.</summary>
    public object? Materialize(object? value) => _sequence is null || value is null ? value : _sequence.Materialize(value);

    /// <summary>Writes a value. If the serializer writes it, the caller has started <see cref="WritingNotes"/>.</summary>
    public void Write(Utf8JsonWriter writer, object? value)
    {
        if (value is null)
        {
            writer.WriteNullValue();
        }
        else if (_write is not null)
        {
            _write(writer, value);
        }
        else
        {
            if (_isNoted)
            {
                RuntimeTypeRules.Note(value, Type, _isConverted);
            }

            // The declared type has no type information if it cannot be written; the second attempt throws the reason.
            JsonSerializer.Serialize(writer, value, _typeInfo ?? _json.Writing.GetTypeInfo(Type));
        }
    }

    /// <summary>Reads a value of this parameter's type.</summary>
    /// <param name="json">The value in the decision or in the approved JSON.</param>
    /// <param name="original">The caller's value; if the declared type is a base type, its runtime type is read.</param>
    /// <exception cref="JsonException">The JSON does not fit the type completely.</exception>
    /// <exception cref="NotSupportedException">The type cannot be read from JSON.</exception>
    public object? Read(JsonElement json, object? original) => Read(json, original, TypeToRead(original));

    /// <summary>Reads a value of the declared type, which no value of the caller's tells better.</summary>
    /// <param name="json">The value.</param>
    /// <exception cref="JsonException">The JSON does not fit the type completely.</exception>
    /// <exception cref="NotSupportedException">The type cannot be read from JSON.</exception>
    public object? ReadDeclared(JsonElement json) => Read(json, null, IsOpaque ? null : Type);

    private object? Read(JsonElement json, object? original, Type? type)
    {
        // A JsonElement is valid as long as its document only, so it is cloned. It may hold null.
        if (Type == typeof(JsonElement))
        {
            return json.ValueKind == JsonValueKind.Null && original is JsonElement { ValueKind: JsonValueKind.Undefined } ? original : json.Clone();
        }

        if (json.ValueKind == JsonValueKind.Null && !ImmutableArrayConverterFactory.IsArray(Type))
        {
            return _refusesNull ? throw new JsonException() : null;
        }

        return json.Deserialize(_json.Reading.GetTypeInfo(type ?? throw new NotSupportedException()));
    }

    /// <summary>Gets the type that JSON is read as; <see langword="null"/> if only a value could tell it and there is none.</summary>
    public Type? TypeToRead(object? original)
    {
        var type = _bindsByDeclaredType ? Type : original?.GetType();
        return type == typeof(object) ? null : type;
    }

    private void WriteOpaque(Utf8JsonWriter writer, object? value)
    {
        writer.WriteStartObject();
        writer.WriteString(PlaceholderTypes.Key, Type.ToString());
        writer.WriteEndObject();
    }

    private static JsonTypeInfo? TypeInfoOrNull(Type type, ArgumentJson json)
    {
        try
        {
            return json.Writing.GetTypeInfo(type);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static bool IsParams(ParameterInfo parameter) =>
        parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute));

    private static object? DefaultOf(ParameterInfo parameter, Type type) =>
        parameter.HasDefaultValue && parameter.DefaultValue is { } value
            ? ConvertEnum(value, type)
            : type.IsValueType && !type.IsByRefLike && Nullable.GetUnderlyingType(type) is null ? RuntimeHelpers.GetUninitializedObject(type) : null;

    private object? Empty()
    {
        if (Type.IsArray)
        {
            return Array.CreateInstance(Type.GetElementType()!, 0);
        }

        try
        {
            return JsonSerializer.Deserialize("[]", _json.Reading.GetTypeInfo(Type));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>The compiler stores the default of a nullable enum as its number.</summary>
    private static object ConvertEnum(object value, Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } enumType && value.GetType() != enumType
            ? Enum.ToObject(enumType, value)
            : value;

    private static bool IsToken(Type type) => (Nullable.GetUnderlyingType(type) ?? type) == typeof(CancellationToken);

    private static bool RefusesNull(ParameterInfo parameter, Type type)
    {
        if (type.IsValueType)
        {
            return Nullable.GetUnderlyingType(type) is null;
        }

        lock (s_nullability)
        {
            return s_nullability.Create(parameter).WriteState == NullabilityState.NotNull;
        }
    }
}
