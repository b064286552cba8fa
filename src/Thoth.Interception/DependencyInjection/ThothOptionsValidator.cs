using Microsoft.Extensions.Options;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.DependencyInjection;

/// <summary>Validates the ranges that the attributes of the options state.</summary>
[OptionsValidator]
internal sealed partial class ThothOptionsRanges : IValidateOptions<ThothOptions>;

/// <summary>Validates rules across options (contract §7.3). It also trims values and writes the environment in lower case.</summary>
internal sealed class ThothOptionsValidator : IValidateOptions<ThothOptions>, IPostConfigureOptions<ThothOptions>
{
    public void PostConfigure(string? name, ThothOptions options)
    {
        options.ApiUrl = options.ApiUrl.TrimToNull()?.TrimEnd('/');
        options.ApiKey = options.ApiKey.TrimToNull();
        options.EventIngestToken = options.EventIngestToken.TrimToNull();
        options.TenantId = options.TenantId?.Trim() ?? "";
        options.AgentId = options.AgentId?.Trim() ?? "";
        options.UserId = options.UserId.TrimToNull() ?? "system";
        options.Environment = options.Environment.TrimToNull()?.ToLowerInvariant() ?? "prod";
        options.EnforcementTraceId = options.EnforcementTraceId.TrimToNull();
    }

    public ValidateOptionsResult Validate(string? name, ThothOptions options)
    {
        var failures = new List<string>();
        if (options.TenantId.Length == 0)
        {
            failures.Add("The tenant id is blank. Set ThothOptions.TenantId, Thoth:TenantId or THOTH_TENANT_ID.");
        }

        if (options.AgentId.Length == 0)
        {
            failures.Add("The agent id is blank. Set ThothOptions.AgentId, Thoth:AgentId or THOTH_AGENT_ID.");
        }

        if (options.ApiUrl is not null && FindUrlProblem(options.ApiUrl, options.AllowInsecureHttp) is { } problem)
        {
            failures.Add($"The API URL {problem}. Correct ThothOptions.ApiUrl, Thoth:ApiUrl or THOTH_API_URL.");
        }

        if (CannotBeInHeader(options.ApiKey))
        {
            failures.Add("The API key has a control character, such as a line break, or one outside ASCII. Correct ThothOptions.ApiKey, Thoth:ApiKey or THOTH_API_KEY.");
        }

        if (CannotBeInHeader(options.EventIngestToken))
        {
            failures.Add("The event ingest token has a control character, such as a line break, or one outside ASCII. "
                + "Correct ThothOptions.EventIngestToken, Thoth:EventIngestToken or THOTH_EVENT_INGEST_TOKEN.");
        }

        if (!Enum.IsDefined(options.Enforcement))
        {
            failures.Add("ThothOptions.Enforcement has an undefined value. Set it to a value of EnforcementMode.");
        }

        if (!Enum.IsDefined(options.Events.FullMode))
        {
            failures.Add("ThothOptions.Events.FullMode has an undefined value. Set it to a value of EventQueueFullMode.");
        }
        else if (options.Events is { FullMode: not EventQueueFullMode.DropNewest, QueueCapacity: < 2 })
        {
            failures.Add("The event queue is too small for the two events of a call. Set ThothOptions.Events.QueueCapacity to 2 or more.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string? FindUrlProblem(string url, bool allowInsecureHttp)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
        {
            return "is not an absolute https URL";
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return "must not contain user info, a query or a fragment";
        }

        return uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback && !allowInsecureHttp
            ? "must be https outside loopback unless ThothOptions.AllowInsecureHttp is set"
            : null;
    }

    private static bool CannotBeInHeader(string? secret) => secret is not null && secret.Any(c => char.IsControl(c) || !char.IsAscii(c));
}
