namespace Thoth.Enforcer.Api;

/// <summary>The fields of <c>POST /v1/explain</c> that name a decision (contract §1.5).</summary>
internal sealed record ExplainRequestBody
{
    /// <summary>The tenant; the API key's if missing.</summary>
    public string? TenantId { get; init; }

    /// <summary>The id of the decision to explain.</summary>
    public string? ViolationId { get; init; }

    /// <summary>Without an id: the session whose last decision is explained.</summary>
    public string? SessionId { get; init; }

    /// <summary>Without an id: the tool whose last decision is explained.</summary>
    public string? ToolName { get; init; }
}
