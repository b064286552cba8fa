using System.Text.Json;

namespace Thoth.Enforcer.Api;

/// <summary>
/// The body of <c>POST /v1/enforce</c> (contract §1.2.1), as any of the SDKs sends it: each omits some fields, and Go writes
/// <c>null</c> for an empty list. Fields that no policy uses are ignored.
/// </summary>
internal sealed record EnforceRequestBody
{
    /// <summary>The id of this HTTP request, if the SDK sends one.</summary>
    public string? RequestId { get; init; }

    /// <summary>The tenant; the API key's if missing.</summary>
    public string? TenantId { get; init; }

    /// <summary>The agent that calls.</summary>
    public string? AgentId { get; init; }

    /// <summary>The user on whose behalf the agent acts; <c>system</c> if missing or empty.</summary>
    public string? UserId { get; init; }

    /// <summary>The tool's exact name. Required.</summary>
    public string? ToolName { get; init; }

    /// <summary>The session. Required.</summary>
    public string? SessionId { get; init; }

    /// <summary>The tools that the session has called, oldest first, this one last.</summary>
    public List<string?>? SessionToolCalls { get; init; }

    /// <summary>The tools approved in advance; no scope if empty or missing.</summary>
    public List<string?>? ApprovedScope { get; init; }

    /// <summary><c>observe</c>, <c>step_up</c>, <c>block</c> (default) or <c>progressive</c>.</summary>
    public string? EnforcementMode { get; init; }

    /// <summary>The deployment environment; <c>prod</c> if missing.</summary>
    public string? Environment { get; init; }

    /// <summary>Copied to the response.</summary>
    public string? EnforcementTraceId { get; init; }

    /// <summary>The id of the call; copied to the response.</summary>
    public string? ActionAttestationId { get; init; }

    /// <summary>The complete arguments: an object by parameter names, or <c>{"args":[…],"kwargs":{…}}</c>, or <c>{"arg0":…}</c>.</summary>
    public JsonElement? ToolArgs { get; init; }

    /// <summary>The intent of the session.</summary>
    public string? SessionIntent { get; init; }

    /// <summary>The purpose for which data may be used.</summary>
    public string? Purpose { get; init; }

    /// <summary>The sensitivity label of the data at hand.</summary>
    public string? DataClassification { get; init; }

    /// <summary><c>read</c>, <c>write</c>, <c>delete</c> or <c>execute</c>, if the caller declares it. No SDK does so yet.</summary>
    public string? ActionClassification { get; init; }
}
