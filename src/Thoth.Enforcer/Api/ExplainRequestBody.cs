namespace Thoth.Enforcer.Api;

/// <summary>What of the body of <c>POST /v1/explain</c> names the decision (contract §1.5).</summary>
internal sealed record ExplainRequestBody
{
    /// <summary>The tenant; the API key's own where it is missing.</summary>
    public string? TenantId { get; init; }

    /// <summary>The id of the answer to explain.</summary>
    public string? ViolationId { get; init; }

    /// <summary>Where the id is missing: the last decision of this session …</summary>
    public string? SessionId { get; init; }

    /// <summary>… about this tool.</summary>
    public string? ToolName { get; init; }
}
