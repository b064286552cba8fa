namespace Thoth.Enforcer.Configuration;

/// <summary>The options that the server was started with.</summary>
internal sealed record EnforcerOptions
{
    /// <summary>The largest body of a request about a call: the library sends up to 1 MiB of arguments, and context beside them.</summary>
    public const int MaxBodyBytes = 2 * 1024 * 1024;

    /// <summary>The largest body of a batch of events.</summary>
    public const int MaxEventsBytes = 16 * 1024 * 1024;

    /// <summary>The policy file.</summary>
    public required string PolicyPath { get; init; }

    /// <summary>The addresses to listen on, separated by semicolons.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:5080";

    /// <summary>Whether other machines may connect. If <see langword="false"/>, only loopback addresses are accepted.</summary>
    public bool AllowRemote { get; init; }

    /// <summary>The SQLite file; created if it does not exist.</summary>
    public string DatabasePath { get; init; } = "thoth-enforcer.db";

    /// <summary>The file of API key hashes, or <see langword="null"/>.</summary>
    public string? KeysPath { get; init; }

    /// <summary>API keys from the environment: <c>tenant=key</c>, separated by semicolons.</summary>
    public string? Keys { get; init; }

    /// <summary>Without keys: the only tenant that requests may name; <see langword="null"/> accepts any name.</summary>
    public string? Tenant { get; init; }

    /// <summary>The token that the sign-in form asks for; generated at startup if <see langword="null"/>.</summary>
    public string? PageToken { get; init; }

    /// <summary>How long a call is held if its rule has no timeout. 1 second to 1 day.</summary>
    public TimeSpan HoldLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many calls of one tenant can be held at the same time.</summary>
    public int MaxHolds { get; init; } = 10_000;

    /// <summary>The requests per minute that a tenant may send to each endpoint.</summary>
    public int RequestsPerMinute { get; init; } = 60_000;

    /// <summary>How long decisions, ended holds and events are kept, in days.</summary>
    public int RetentionDays { get; init; } = 90;
}
