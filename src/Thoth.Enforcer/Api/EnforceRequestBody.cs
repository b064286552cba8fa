using System.Text.Json;

namespace Thoth.Enforcer.Api;

/// <summary>
/// The body of <c>POST /v1/enforce</c> (contract §1.2.1), as any of the SDKs sends it: each leaves something out, and Go writes
/// <c>null</c> for an empty list. What no policy looks at is not named here and not looked at.
/// </summary>
internal sealed record EnforceRequestBody
{
    /// <summary>The tenant; the API key's own where it is missing.</summary>
    public string? TenantId { get; init; }

    /// <summary>The agent that calls.</summary>
    public string? AgentId { get; init; }

    /// <summary>The user on whose behalf; <c>system</c> where it is missing or empty.</summary>
    public string? UserId { get; init; }

    /// <summary>The tool's exact name. Required.</summary>
    public string? ToolName { get; init; }

    /// <summary>The session. Required.</summary>
    public string? SessionId { get; init; }

    /// <summary>The session's tools, oldest first, this one last.</summary>
    public List<string?>? SessionToolCalls { get; init; }

    /// <summary>The tools approved beforehand; empty or missing means no scope.</summary>
    public List<string?>? ApprovedScope { get; init; }

    /// <summary><c>observe</c>, <c>step_up</c>, <c>block</c> (default) or <c>progressive</c>.</summary>
    public string? EnforcementMode { get; init; }

    /// <summary>The deployment environment; <c>prod</c> where it is missing.</summary>
    public string? Environment { get; init; }

    /// <summary>Repeated in the answer.</summary>
    public string? EnforcementTraceId { get; init; }

    /// <summary>Names the call; repeated in the answer.</summary>
    public string? ActionAttestationId { get; init; }

    /// <summary>The complete arguments: an object by parameter names, or <c>{"args":[…],"kwargs":{…}}</c>, or <c>{"arg0":…}</c>.</summary>
    public JsonElement? ToolArgs { get; init; }

    /// <summary>What the session is for.</summary>
    public string? SessionIntent { get; init; }

    /// <summary>What data may be used for.</summary>
    public string? Purpose { get; init; }

    /// <summary>The sensitivity label of the data at hand.</summary>
    public string? DataClassification { get; init; }

    /// <summary><c>read</c>, <c>write</c>, <c>delete</c> or <c>execute</c>, where the caller declares it. No SDK does so far.</summary>
    public string? ActionClassification { get; init; }
}
