using Microsoft.Extensions.Options;

namespace Thoth.Interception.DependencyInjection;

/// <summary>The ranges that the options' own attributes state.</summary>
[OptionsValidator]
internal sealed partial class ThothOptionsRanges : IValidateOptions<ThothOptions>;

/// <summary>What must hold across options (contract §7.3). It also settles spelling: values are trimmed, the environment is lower case.</summary>
internal sealed class ThothOptionsValidator : IValidateOptions<ThothOptions>, IPostConfigureOptions<ThothOptions>
{
    public void PostConfigure(string? name, ThothOptions options)
    {
        options.ApiUrl = Given(options.ApiUrl)?.TrimEnd('/');
        options.ApiKey = Given(options.ApiKey);
        options.EventIngestToken = Given(options.EventIngestToken);
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

        if (options.ApiUrl is not null && ObstacleIn(options.ApiUrl, options.AllowInsecureHttp) is { } obstacle)
        {
            failures.Add($"The API URL {obstacle}: set ThothOptions.ApiUrl, Thoth:ApiUrl or THOTH_API_URL.");
        }

        if (FitsNoHeader(options.ApiKey))
        {
            failures.Add("The API key has a control character, such as a line break, or one that is not ASCII: set it without.");
        }

        if (FitsNoHeader(options.EventIngestToken))
        {
            failures.Add("The event ingest token has a control character, such as a line break, or one that is not ASCII: set it without.");
        }

        if (!Enum.IsDefined(options.Enforcement))
        {
            failures.Add("The enforcement mode is unknown: set ThothOptions.Enforcement to a value of EnforcementMode.");
        }

        if (!Enum.IsDefined(options.Events.WhenFull))
        {
            failures.Add("What happens when the event queue is full is unknown: set ThothOptions.Events.WhenFull to a value of EventOverflow.");
        }
        else if (options.Events is { WhenFull: not EventOverflow.DropNewest, QueueCapacity: < 2 })
        {
            failures.Add("The event queue is too small for the two events of a call: set ThothOptions.Events.QueueCapacity to 2 or more.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string? ObstacleIn(string url, bool allowInsecureHttp)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
        {
            return "is no absolute https URL";
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return "has user info, a query or a fragment, which it must not";
        }

        return uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback && !allowInsecureHttp
            ? "must be https outside loopback, unless ThothOptions.AllowInsecureHttp is set"
            : null;
    }

    private static bool FitsNoHeader(string? secret) => secret is not null && secret.Any(c => char.IsControl(c) || !char.IsAscii(c));

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
