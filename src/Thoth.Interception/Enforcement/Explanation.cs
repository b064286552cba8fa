using System.Text.Json;

namespace Thoth.Interception;

/// <summary>
/// An enforcer's explanation of a refused or held call, for people (contract §1.5). It never changes the decision, and it is
/// not part of any event or message.
/// </summary>
public sealed class Explanation
{
    /// <summary>Gets the id under which the violation is on record.</summary>
    public required string ViolationId { get; init; }

    /// <summary>Gets a description of what happened.</summary>
    public required string WhatHappened { get; init; }

    /// <summary>Gets why the call was refused or held.</summary>
    public required string WhyItWasBlocked { get; init; }

    /// <summary>Gets what the reader can do next.</summary>
    public required string WhatToDoNext { get; init; }

    /// <summary>Gets what it means for the business.</summary>
    public required string BusinessImpact { get; init; }

    /// <summary>Gets the severity, as the enforcer writes it, such as <c>high</c>.</summary>
    public required string Severity { get; init; }

    /// <summary>Gets the tenant of the call.</summary>
    public string? TenantId { get; init; }

    /// <summary>Gets the session of the call.</summary>
    public string? SessionId { get; init; }

    /// <summary>Gets the agent that called.</summary>
    public string? AgentId { get; init; }

    /// <summary>Gets the user on whose behalf the agent acted.</summary>
    public string? UserId { get; init; }

    /// <summary>Gets the tool that was called.</summary>
    public string? ToolName { get; init; }

    /// <summary>Gets the URL of a page to ask for an approval.</summary>
    public string? RequestUrl { get; init; }

    /// <summary>Gets the time of the explanation, as the enforcer wrote it.</summary>
    public string? Timestamp { get; init; }

    /// <summary>Gets the regulatory context, any JSON value.</summary>
    public JsonElement? RegulatoryContext { get; init; }

    /// <summary>Gets the policy's stable code for the decision.</summary>
    public string? DecisionReasonCode { get; init; }

    /// <summary>Gets the kind of action that the enforcer classified the call as.</summary>
    public string? ActionClassification { get; init; }

    /// <summary>Gets the risk score, on the enforcer's own scale.</summary>
    public double? RiskScore { get; init; }
}
