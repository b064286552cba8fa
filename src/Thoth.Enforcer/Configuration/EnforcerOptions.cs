namespace Thoth.Enforcer.Configuration;

/// <summary>What the server was started with.</summary>
internal sealed record EnforcerOptions
{
    /// <summary>The largest request body, in bytes.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>The policy file.</summary>
    public required string PolicyPath { get; init; }

    /// <summary>Where to listen, separated by semicolons.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:5080";

    /// <summary>Whether other machines may connect. Without it any address but loopback is refused.</summary>
    public bool AllowRemote { get; init; }

    /// <summary>The SQLite file; created where it is missing.</summary>
    public string DatabasePath { get; init; } = "thoth-enforcer.db";

    /// <summary>The file of API key hashes, or <see langword="null"/>.</summary>
    public string? KeysPath { get; init; }

    /// <summary>API keys of the environment: <c>tenant=key</c>, separated by semicolons.</summary>
    public string? Keys { get; init; }

    /// <summary>Without keys: the only tenant whose requests are taken; <see langword="null"/> takes what a request names.</summary>
    public string? Tenant { get; init; }

    /// <summary>What the page asks for at sign-in; made at start where it is <see langword="null"/>.</summary>
    public string? PageToken { get; init; }

    /// <summary>How long a call is held where its rule names no time. 1 second to 1 day.</summary>
    public TimeSpan HoldLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many calls of one tenant may be held at the same time.</summary>
    public int MaxHolds { get; init; } = 10_000;

    /// <summary>Requests to each endpoint, per tenant and minute.</summary>
    public int RequestsPerMinute { get; init; } = 60_000;

    /// <summary>How long decisions, decided holds and events are kept, in days.</summary>
    public int RetentionDays { get; init; } = 90;
}
