namespace Thoth.Conformance.Servers;

/// <summary>The server that the cases drive, and what the user states about it.</summary>
internal sealed record ServerTarget
{
    /// <summary>The roles of tools: for each decision, a tool that the server's policy gives it.</summary>
    public static IReadOnlyList<string> Roles { get; } = ["allow", "block", "step_up", "modify", "defer"];

    /// <summary>The base URL. Slashes at its end do not count.</summary>
    public required Uri Url { get; init; }

    /// <summary>The API key; <see langword="null"/> if the server takes requests without one.</summary>
    public string? Key { get; init; }

    /// <summary>The ingest token for events, or <see langword="null"/>.</summary>
    public string? IngestToken { get; init; }

    /// <summary>The tenant of every request.</summary>
    public string Tenant { get; init; } = "conformance";

    /// <summary>The tool of each role that the server's policy has a decision for.</summary>
    public IReadOnlyDictionary<string, string> Tools { get; init; } = Roles.ToDictionary(role => role, DefaultTool);

    /// <summary>The approver of held calls, or <see langword="null"/>.</summary>
    public HoldApprover? Approver { get; init; }

    /// <summary>The tool of a role in <c>conformance.policy.json</c>.</summary>
    public static string DefaultTool(string role) => $"conformance_{role}";
}
