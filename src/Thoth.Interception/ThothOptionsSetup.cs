using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Thoth.Interception;

/// <summary>
/// Fills in options from configuration and then from <c>THOTH_*</c> variables (contract §7.1, §7.2). It stands before every
/// delegate, so that what the code says wins.
/// </summary>
internal sealed class ThothOptionsSetup(
    IEnumerable<ThothConfiguration> configurations, ThothEnvironment environment, ILogger<ThothOptionsSetup> logger)
    : IConfigureOptions<ThothOptions>
{
    private static readonly JsonSerializerOptions s_taskContext = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly ILogger _logger = new QuietLogger<ThothOptionsSetup>(logger);

    public void Configure(ThothOptions options)
    {
        foreach (var configuration in configurations)
        {
            // A misspelt key must not be ignored: it may be the one that was to make governance stricter.
            configuration.Section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }

        Use(value => options.ApiUrl = value, "THOTH_API_URL");
        Use(value => options.ApiKey = value, "THOTH_API_KEY");
        Use(value => options.EventIngestToken = value, "THOTH_EVENT_INGEST_TOKEN");
        Use(value => options.TenantId = value, "THOTH_TENANT_ID");
        Use(value => options.AgentId = value, "THOTH_AGENT_ID");
        Use(value => options.UserId = value, "THOTH_USER_ID");
        Use(value => options.ApprovedScope = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), "THOTH_APPROVED_SCOPE");
        Use(value => options.Enforcement = ModeIn(value), "THOTH_ENFORCEMENT_MODE", "THOTH_ENFORCEMENT");
        Use(value => options.FailOpen = IsTrue(value), "THOTH_FAIL_OPEN");
        Use(value => options.Environment = value, "THOTH_ENVIRONMENT", "THOTH_ENV");
        Use(value => options.SessionIntent = value, "THOTH_SESSION_INTENT");
        Use(value => options.Purpose = value, "THOTH_PURPOSE");
        Use(value => options.DataClassification = value, "THOTH_DATA_CLASSIFICATION");
        Use(value => options.TaskContext = TaskContextIn(value), "THOTH_TASK_CONTEXT_JSON");
        Use(value => options.EnforcementTraceId = value, "THOTH_ENFORCEMENT_TRACE_ID");
        Use(value => options.ModelName = value, "THOTH_MODEL_NAME");
        Use(value => options.ModelProvider = value, "THOTH_MODEL_PROVIDER");
        Use(value => options.ModelArtifactId = value, "THOTH_MODEL_ARTIFACT_ID");
        Use(value => options.ModelArtifactVersion = value, "THOTH_MODEL_ARTIFACT_VERSION");
        Use(value => options.AuthContext = ObjectIn(value, "THOTH_AUTH_CONTEXT_JSON"), "THOTH_AUTH_CONTEXT_JSON");
        Use(value => options.DelegationContext = ObjectIn(value, "THOTH_DELEGATION_CONTEXT_JSON"), "THOTH_DELEGATION_CONTEXT_JSON");
        Use(value => options.RequestMetadata = ObjectIn(value, "THOTH_REQUEST_METADATA_JSON"), "THOTH_REQUEST_METADATA_JSON");
        Use(value => options.McpRuntimeIdentity = value, "THOTH_MCP_RUNTIME_IDENTITY");
    }

    private void Use(Action<string> set, params ReadOnlySpan<string> variables)
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

    private EnforcementMode ModeIn(string value)
    {
        if (!EnforcementModeConverter.TryParse(value, out var mode))
        {
            throw Invalid("THOTH_ENFORCEMENT_MODE is none of observe, step_up, block, progressive.");
        }

        if (value.Equals("shadow", StringComparison.OrdinalIgnoreCase))
        {
            Log.ShadowMode(_logger);
        }

        return mode;
    }

    private bool IsTrue(string value)
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

    private static TaskContext TaskContextIn(string value)
    {
        try
        {
            return JsonSerializer.Deserialize<TaskContext>(value, s_taskContext) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw Invalid("THOTH_TASK_CONTEXT_JSON is no JSON object with initiated_by, task_id and chain.");
        }
    }

    private static Dictionary<string, object?> ObjectIn(string value, string variable)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, object?>>(value, JsonSerializerOptions.Strict) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw Invalid($"{variable} is no JSON object.");
        }
    }

    private static OptionsValidationException Invalid(string failure) =>
        new(Microsoft.Extensions.Options.Options.DefaultName, typeof(ThothOptions), [failure]);
}

/// <summary>A configuration section given to <c>AddThoth</c>.</summary>
internal sealed record ThothConfiguration(IConfiguration Section);

/// <summary>Where environment variables are read.</summary>
internal sealed record ThothEnvironment(Func<string, string?> Read);
