using System.Globalization;
using Thoth.Enforcer.Serialization;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Api;

/// <summary>The explanation of a decision (contract §1.5).</summary>
internal sealed record ExplainResponse
{
    public required string ViolationId { get; init; }

    public required string WhatHappened { get; init; }

    public required string WhyItWasBlocked { get; init; }

    public required string WhatToDoNext { get; init; }

    public required string BusinessImpact { get; init; }

    /// <summary>low, medium, high or critical.</summary>
    public required string Severity { get; init; }

    public string? TenantId { get; init; }

    public string? SessionId { get; init; }

    public string? AgentId { get; init; }

    public string? UserId { get; init; }

    public string? ToolName { get; init; }

    public string? Timestamp { get; init; }

    public string? DecisionReasonCode { get; init; }

    public double? RiskScore { get; init; }

    /// <param name="row">The decision.</param>
    /// <param name="outcome">What became of the call.</param>
    public static ExplainResponse Of(DecisionRow row, CallOutcome outcome) => new()
    {
        ViolationId = ResponseWriter.ViolationIdOf(row.Id),
        WhatHappened = $"Agent {row.Agent} called tool {row.Tool} for user {row.User}; the policy's decision was {row.Decision}.{outcome.Answer}",
        WhyItWasBlocked = (row.Reason ?? "The policy gives no reason.")
            + (row.Rules.Count > 0 ? $" Rules: {string.Join(", ", row.Rules)}." : " No rule of the policy allows it."),
        WhatToDoNext = outcome.Next,
        BusinessImpact = outcome.Impact,
        Severity = row.Risk switch { >= 90 => "critical", >= 70 => "high", >= 40 => "medium", _ => "low" },
        TenantId = row.Tenant,
        SessionId = row.Session,
        AgentId = row.Agent,
        UserId = row.User,
        ToolName = row.Tool,
        Timestamp = row.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        DecisionReasonCode = row.Code,
        RiskScore = row.Risk,
    };
}
