using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception.Diagnostics;

namespace Thoth.Interception.DependencyInjection;

/// <summary>
/// Sets options from configuration and then from <c>THOTH_*</c> variables (contract §7.1, §7.2). It runs before every
/// delegate, so values set in code win.
/// </summary>
internal sealed class ThothOptionsSetup(
    IEnumerable<ThothConfiguration> configurations,
    [FromKeyedServices(PackageSection.BoundElsewhere)] IEnumerable<string> boundElsewhere,
    ThothEnvironment environment,
    ILogger<ThothOptionsSetup> logger)
    : IConfigureOptions<ThothOptions>, IPostConfigureOptions<ThothOptions>
{
    private static readonly JsonSerializerOptions s_taskContext = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private static readonly TextOption[] s_texts =
    [
        new(o => o.ApiUrl, (o, value) => o.ApiUrl = value, "THOTH_API_URL"),
        new(o => o.ApiKey, (o, value) => o.ApiKey = value, "THOTH_API_KEY"),
        new(o => o.EventIngestToken, (o, value) => o.EventIngestToken = value, "THOTH_EVENT_INGEST_TOKEN"),
        new(o => o.TenantId, (o, value) => o.TenantId = value, "THOTH_TENANT_ID"),
        new(o => o.AgentId, (o, value) => o.AgentId = value, "THOTH_AGENT_ID"),
        new(o => o.UserId, (o, value) => o.UserId = value, "THOTH_USER_ID"),
        new(o => o.Environment, (o, value) => o.Environment = value, "THOTH_ENVIRONMENT", "THOTH_ENV"),
        new(o => o.SessionIntent, (o, value) => o.SessionIntent = value, "THOTH_SESSION_INTENT"),
        new(o => o.Purpose, (o, value) => o.Purpose = value, "THOTH_PURPOSE"),
        new(o => o.DataClassification, (o, value) => o.DataClassification = value, "THOTH_DATA_CLASSIFICATION"),
        new(o => o.EnforcementTraceId, (o, value) => o.EnforcementTraceId = value, "THOTH_ENFORCEMENT_TRACE_ID"),
        new(o => o.ModelName, (o, value) => o.ModelName = value, "THOTH_MODEL_NAME"),
        new(o => o.ModelProvider, (o, value) => o.ModelProvider = value, "THOTH_MODEL_PROVIDER"),
        new(o => o.ModelArtifactId, (o, value) => o.ModelArtifactId = value, "THOTH_MODEL_ARTIFACT_ID"),
        new(o => o.ModelArtifactVersion, (o, value) => o.ModelArtifactVersion = value, "THOTH_MODEL_ARTIFACT_VERSION"),
        new(o => o.McpRuntimeIdentity, (o, value) => o.McpRuntimeIdentity = value, "THOTH_MCP_RUNTIME_IDENTITY"),
    ];

    private readonly ILogger _logger = new NonThrowingLogger<ThothOptionsSetup>(logger);

    public void Configure(ThothOptions options)
    {
        foreach (var configuration in configurations)
        {
            if (configuration.Section[nameof(ThothOptions.Enforcement)] is { } mode && !string.IsNullOrWhiteSpace(mode))
            {
                // The binder's own error for a misspelt mode names neither the option nor the accepted values.
                ParseMode(mode.Trim(), "Thoth:Enforcement");
            }

            // A misspelt key must not be ignored: it may be the one that makes governance stricter.
            new CoreConfiguration(configuration.Section, [.. boundElsewhere]).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }

        foreach (var text in s_texts)
        {
            Apply(value => text.Set(options, value), text.Variables);
        }

        Apply(value => options.ApprovedScope = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), "THOTH_APPROVED_SCOPE");
        Apply(value => options.Enforcement = ParseMode(value, "THOTH_ENFORCEMENT_MODE"), "THOTH_ENFORCEMENT_MODE", "THOTH_ENFORCEMENT");
        Apply(value => options.FailOpen = ParseFailOpen(value), "THOTH_FAIL_OPEN");
        Apply(value => options.TaskContext = ParseTaskContext(value), "THOTH_TASK_CONTEXT_JSON");
        Apply(options.AuthContext, "THOTH_AUTH_CONTEXT_JSON");
        Apply(options.DelegationContext, "THOTH_DELEGATION_CONTEXT_JSON");
        Apply(options.RequestMetadata, "THOTH_REQUEST_METADATA_JSON");
    }

    /// <summary>Sets a text that a delegate left blank from the environment, since a blank text counts as unset.</summary>
    public void PostConfigure(string? name, ThothOptions options)
    {
        foreach (var text in s_texts)
        {
            if (string.IsNullOrWhiteSpace(text.Get(options)))
            {
                Apply(value => text.Set(options, value), text.Variables);
            }
        }
    }

    private void Apply(Action<string> set, params ReadOnlySpan<string> variables)
    {
        foreach (var variable in variables)
        {
            if (environment.Read(variable) is { } value && !string.IsNullOrWhiteSpace(value))
            {
                set(value.Trim());
                return;
            }
        }
    }

    /// <summary>Replaces a configured object with the one in the environment.</summary>
    private void Apply(IDictionary<string, object?> target, string variable) => Apply(
        value =>
        {
            var members = ParseObject(value, variable);
            target.Clear();
            foreach (var member in members)
            {
                target.Add(member);
            }
        },
        variable);

    private EnforcementMode ParseMode(string value, string source)
    {
        if (!EnforcementModeConverter.TryParse(value, out var mode))
        {
            throw Invalid($"The enforcement mode is unknown. Set {source} to observe, step_up, block or progressive.");
        }

        if (value.Equals("shadow", StringComparison.OrdinalIgnoreCase))
        {
            Log.ShadowMode(_logger);
        }

        return mode;
    }

    private bool ParseFailOpen(string value)
    {
        switch (value.ToLowerInvariant())
        {
            case "1" or "t" or "true" or "yes" or "on":
                return true;
            case not ("0" or "f" or "false" or "no" or "off"):
                Log.UnknownBoolean(_logger, "THOTH_FAIL_OPEN");
                break;
        }

        return false;
    }

    private static TaskContext ParseTaskContext(string value)
    {
        try
        {
            return JsonSerializer.Deserialize<TaskContext>(value, s_taskContext) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw Invalid("THOTH_TASK_CONTEXT_JSON is not a JSON object with initiated_by, task_id and chain. Correct or unset it.");
        }
    }

    private static Dictionary<string, object?> ParseObject(string value, string variable)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, object?>>(value, JsonSerializerOptions.Strict) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw Invalid($"{variable} is not a JSON object. Correct or unset it.");
        }
    }

    private static OptionsValidationException Invalid(string failure) =>
        new(Microsoft.Extensions.Options.Options.DefaultName, typeof(ThothOptions), [failure]);

    private readonly struct TextOption(Func<ThothOptions, string?> get, Action<ThothOptions, string> set, params string[] variables)
    {
        public Func<ThothOptions, string?> Get { get; } = get;

        public Action<ThothOptions, string> Set { get; } = set;

        public string[] Variables { get; } = variables;
    }
}

/// <summary>Represents a configuration section that was passed to <c>AddThoth</c>.</summary>
internal sealed record ThothConfiguration(IConfiguration Section);

/// <summary>Reads environment variables.</summary>
internal sealed record ThothEnvironment(Func<string, string?> Read);
