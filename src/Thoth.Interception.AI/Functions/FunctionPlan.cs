using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Functions;

/// <summary>Describes a function to the enforcer, and knows the defaults of its schema. It is made once for each function.</summary>
internal sealed class FunctionPlan
{
    private static readonly ConditionalWeakTable<AIFunction, FunctionPlan> s_plans = [];

    private readonly List<KeyValuePair<string, object?>>? _defaults;

    private FunctionPlan(AIFunction function, ToolDescriptor? described)
    {
        Tool = described is { Method: not null } ? described : new ToolDescriptor(described?.Name ?? function.Name)
        {
            Action = described?.Action ?? ToolAction.Unspecified,
            Sensitive = described?.Sensitive ?? [],

            // A governed interface's method is decided as the tool that it is, or it would be decided again when the function calls it.
            // Its parameters are bound as the function binds them.
            Method = function.UnderlyingMethod,
            Binder = described?.Binder ?? function.JsonSerializerOptions,
        };
        _defaults = DefaultsOf(function.JsonSchema);
    }

    public ToolDescriptor Tool { get; }

    public static FunctionPlan Of(AIFunction function, ToolDescriptor? described) => described is null
        ? s_plans.GetValue(function, static function => new FunctionPlan(function, described: null))
        : new FunctionPlan(function, described);

    /// <summary>Adds the defaults of the schema, so that policies see what the function runs with.</summary>
    public IReadOnlyDictionary<string, object?> Complete(AIFunctionArguments arguments)
    {
        var complete = new Dictionary<string, object?>(arguments, StringComparer.Ordinal);
        foreach (var (name, value) in _defaults ?? [])
        {
            complete.TryAdd(name, value);
        }

        return complete;
    }

    /// <summary>Makes the arguments that the function runs with. Values that the decision left alone stay the caller's own if they cannot change.</summary>
    public static AIFunctionArguments ToRun(AIFunctionArguments given, IReadOnlyDictionary<string, object?> approved)
    {
        var arguments = new AIFunctionArguments { Services = given.Services, Context = given.Context };
        foreach (var (name, value) in approved)
        {
            arguments[name] = value is JsonElement json && given.TryGetValue(name, out var own) && IsUnchanged(own, json) ? own : value;
        }

        return arguments;
    }

    private static bool IsUnchanged(object? own, JsonElement approved) => own switch
    {
        string text => approved.ValueKind == JsonValueKind.String && approved.ValueEquals(text),
        bool truth => approved.ValueKind == (truth ? JsonValueKind.True : JsonValueKind.False),
        int number => approved.ValueKind == JsonValueKind.Number && approved.TryGetInt32(out var same) && same == number,
        long number => approved.ValueKind == JsonValueKind.Number && approved.TryGetInt64(out var same) && same == number,
        double number => approved.ValueKind == JsonValueKind.Number && approved.TryGetDouble(out var same) && same == number,
        decimal number => approved.ValueKind == JsonValueKind.Number && approved.TryGetDecimal(out var same) && same == number,
        _ => false,
    };

    private static List<KeyValuePair<string, object?>>? DefaultsOf(JsonElement schema)
    {
        List<KeyValuePair<string, object?>>? defaults = null;
        if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.Object && property.Value.TryGetProperty("default", out var value))
                {
                    (defaults ??= []).Add(new(property.Name, value.ValueKind == JsonValueKind.Null ? null : value));
                }
            }
        }

        return defaults;
    }
}
