using Microsoft.Extensions.Options;

namespace Thoth.Interception;

/// <summary>The ranges that the options' own attributes state.</summary>
[OptionsValidator]
internal sealed partial class ThothOptionsRanges : IValidateOptions<ThothOptions>;

/// <summary>What must hold across options (contract §7.3). It also settles spelling: values are trimmed, the environment is lower case.</summary>
internal sealed class ThothOptionsValidator : IValidateOptions<ThothOptions>, IPostConfigureOptions<ThothOptions>
{
    public void PostConfigure(string? name, ThothOptions options)
    {
        options.TenantId = options.TenantId?.Trim() ?? "";
        options.AgentId = options.AgentId?.Trim() ?? "";
        options.UserId = Given(options.UserId) ?? "system";
        options.Environment = Given(options.Environment)?.ToLowerInvariant() ?? "prod";
        options.EnforcementTraceId = Given(options.EnforcementTraceId);
    }

    public ValidateOptionsResult Validate(string? name, ThothOptions options)
    {
        var failures = new List<string>();
        if (options.TenantId.Length == 0)
        {
            failures.Add("The tenant id is blank: set ThothOptions.TenantId, Thoth:TenantId or THOTH_TENANT_ID.");
        }

        if (options.AgentId.Length == 0)
        {
            failures.Add("The agent id is blank: set ThothOptions.AgentId, Thoth:AgentId or THOTH_AGENT_ID.");
        }

        if (!Enum.IsDefined(options.Enforcement))
        {
            failures.Add("The enforcement mode is unknown: set ThothOptions.Enforcement to a value of EnforcementMode.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
