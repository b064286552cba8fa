using System.Text.Json;
using Microsoft.SemanticKernel;

namespace Thoth.Interception.SemanticKernel.Filters;

/// <summary>The arguments of a kernel function as the enforcer sees them: those of its parameters, with their defaults and types.</summary>
internal static class FunctionArguments
{
    public static Dictionary<string, object?> Of(KernelFunction function, KernelArguments arguments)
    {
        var shown = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (TakesAll(function))
        {
            foreach (var (name, value) in arguments)
            {
                shown[name] = value;
            }
        }

        foreach (var parameter in function.Metadata.Parameters)
        {
            if (arguments.TryGetValue(parameter.Name, out var value) || (value = parameter.DefaultValue) is not null)
            {
                shown[parameter.Name] = Typed(value, parameter.ParameterType);
            }
        }

        return shown;
    }

    /// <summary>Sets the approved values. An argument that the decision took away is removed.</summary>
    public static void Replace(KernelFunction function, KernelArguments arguments, IReadOnlyDictionary<string, object?> approved)
    {
        foreach (var name in (TakesAll(function) ? [.. arguments.Names] : function.Metadata.Parameters.Select(static parameter => parameter.Name)).Where(name => !approved.ContainsKey(name)))
        {
            arguments.Remove(name);
        }

        foreach (var (name, value) in approved)
        {
            arguments[name] = value;
        }
    }

    /// <summary>Whether the function gets the arguments that no parameter names, too.</summary>
    private static bool TakesAll(KernelFunction function) =>
        function.UnderlyingMethod is not { } method || Array.Exists(method.GetParameters(), static parameter => parameter.ParameterType == typeof(KernelArguments));

    /// <summary>The kernel's defaults and variables are text. The function gets a number or a truth value.</summary>
    private static object? Typed(object? value, Type? type)
    {
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        if (value is not string text || type is null || !(type.IsPrimitive || type == typeof(decimal)) || type == typeof(char))
        {
            return value;
        }

        try
        {
            return JsonSerializer.Deserialize<JsonElement>(type == typeof(bool) ? text.ToLowerInvariant() : text);
        }
        catch (JsonException)
        {
            return value;
        }
    }
}
