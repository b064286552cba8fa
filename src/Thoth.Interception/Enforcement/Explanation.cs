using System.Text.Json;

namespace Thoth.Interception;

/// <summary>
/// An enforcer's explanation of a refused or held call, for people (contract §1.5). It explains the verdict and never
/// changes it; it is in no event and in no message.
/// </summary>
public sealed record Explanation
{
    /// <summary>The id under which the violation is on record.</summary>
    public required string ViolationId { get; init; }

    /// <summary>What happened.</summary>
    public required string WhatHappened { get; init; }

    /// <summary>Why the call was refused or held.</summary>
    public required string WhyItWasBlocked { get; init; }

    /// <summary>What to do next.</summary>
    public required string WhatToDoNext { get; init; }

    /// <summary>What it means for the business.</summary>
    public required string BusinessImpact { get; init; }

    /// <summary>How severe it is, in the enforcer's words.</summary>
    public required string Severity { get; init; }

    /// <summary>The tenant of the call.</summary>
    public string? TenantId { get; init; }

    /// <summary>The session of the call.</summary>
    public string? SessionId { get; init; }

    /// <summary>The agent that called.</summary>
    public string? AgentId { get; init; }

    /// <summary>The user on whose behalf the agent acted.</summary>
    public string? UserId { get; init; }

    /// <summary>The tool that was called.</summary>
    public string? ToolName { get; init; }

    /// <summary>Where an approval can be asked for.</summary>
    public string? RequestUrl { get; init; }

    /// <summary>When the enforcer explained, as it wrote it.</summary>
    public string? Timestamp { get; init; }

    /// <summary>What regulation has to do with it: any JSON value.</summary>
    public JsonElement? RegulatoryContext { get; init; }

    /// <summary>The policy's stable code for the verdict.</summary>
    public string? DecisionReasonCode { get; init; }

    /// <summary>What kind of action the enforcer took the call for.</summary>
    public string? ActionClassification { get; init; }

    /// <summary>The enforcer's risk score; its scale is the enforcer's own.</summary>
    public double? RiskScore { get; init; }
}
