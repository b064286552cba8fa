using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Thoth.Interception.Arguments;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Invocation;

/// <summary>
/// Binds the arguments of one call with the serializer options of the application, as the functions of <c>AIFunctionFactory</c> do:
/// what such a function would run with is what is shown to the enforcer.
/// </summary>
internal static class OptionsBinder
{
    /// <summary>Binds the arguments to the parameters of a tool.</summary>
    /// <param name="given">The arguments.</param>
    /// <param name="parameters">The tool's parameters.</param>
    /// <param name="options">The serializer options.</param>
    /// <param name="cancellationToken">The value of a parameter that is a token.</param>
    /// <param name="ignored">How many arguments no parameter has.</param>
    /// <exception cref="ArgumentNotSerializableException">They do not fit.</exception>
    public static object?[] Bind(
        GivenArguments given, ToolParameters parameters, JsonSerializerOptions options, CancellationToken cancellationToken, out int ignored)
    {
        var map = given.ToMap();
        var values = new object?[parameters.All.Count];
        ignored = map.Count;
        foreach (var parameter in parameters.All)
        {
            if (parameter.IsCancellationToken)
            {
                values[parameter.Position] = cancellationToken;
            }
            else if (parameter.IsOnTheWire)
            {
                ref var value = ref values[parameter.Position];
                if (TryFind(map, parameter, options, out value))
                {
                    value = Read(parameter, value, options);
                    ignored--;
                }
                else
                {
                    value = parameter.IsOptional ? parameter.DefaultValue : throw GivenArguments.Missing(parameter);
                }
            }
        }

        return ignored > 0 && options.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow
            ? throw GivenArguments.Unknown(parameters)
            : values;
    }

    /// <summary>Finds the argument by its exact name, else by one that differs in case only, if the options allow that.</summary>
    private static bool TryFind(
        IReadOnlyDictionary<string, object?> map, ToolParameter parameter, JsonSerializerOptions options, out object? value)
    {
        if (map.TryGetValue(parameter.Name, out value))
        {
            return true;
        }

        var found = false;
        if (options.PropertyNameCaseInsensitive)
        {
            foreach (var (name, candidate) in map)
            {
                if (string.Equals(name, parameter.Name, StringComparison.OrdinalIgnoreCase))
                {
                    value = !found ? candidate : throw GivenArguments.Unfit(
                        $"the argument '{parameter.Name}' is there twice, in different case; pass it once");
                    found = true;
                }
            }
        }

        return found;
    }

    private static object? Read(ToolParameter parameter, object? given, JsonSerializerOptions options)
    {
        if (given is null)
        {
            // Reflection calls a method so, and the functions of AIFunctionFactory with it.
            return parameter.Type.IsValueType && Nullable.GetUnderlyingType(parameter.Type) is null
                ? RuntimeHelpers.GetUninitializedObject(parameter.Type)
                : null;
        }

        if (parameter.Type.IsInstanceOfType(given))
        {
            return given is JsonElement element ? element.Clone() : given;
        }

        try
        {
            var value = parameter.IsOpaque ? throw new NotSupportedException() : Deserialize(given, parameter.Type, options);
            ThrowIfNotShown(parameter, value);
            return value;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw GivenArguments.Misfit(parameter, exception);
        }
    }

    private static object? Deserialize(object given, Type type, JsonSerializerOptions options)
    {
        if (given is string text)
        {
            try
            {
                return JsonSerializer.Deserialize(text, type, options);
            }
            catch (JsonException)
            {
                // The text is not JSON, but a value of its own.
            }
        }

        return (given is JsonElement json ? json : JsonSerializer.SerializeToElement(given, given.GetType(), options)).Deserialize(type, options);
    }

    /// <summary>A placeholder tells the enforcer nothing about the value behind it, so no value from outside may stand there.</summary>
    private static void ThrowIfNotShown(ToolParameter parameter, object? value)
    {
        if (parameter.IsWrittenDirectly)
        {
            return;
        }

        using var notes = WritingNotes.Start();
        using var written = PooledJsonWriter.Rent(ArgumentJson.MaxBytes);
        parameter.Write(written.Validating, value);
        if (notes.HasPlaceholder)
        {
            throw new NotSupportedException();
        }
    }
}
