namespace Thoth.Interception.Tests.Faults;

/// <summary>What the contract says becomes of a call that meets a fault. In observe mode the tool runs, whatever happens.</summary>
internal enum FaultOutcome
{
    /// <summary>The tool runs.</summary>
    Runs,

    /// <summary>The tool runs and is cancelled by its caller.</summary>
    RunsIntoCancellation,

    /// <summary>The tool does not run, also under fail-open.</summary>
    Refused,

    /// <summary>The enforcer cannot be asked: the tool runs under fail-open, and only then.</summary>
    Outage,

    /// <summary>The caller gave up: the tool does not run, also under fail-open, and it is not a refusal.</summary>
    Cancelled,
}

/// <summary>One way in which governing a call goes wrong, and what the contract says becomes of the call.</summary>
internal sealed record Fault(string Name, FaultOutcome Outcome)
{
    /// <summary>Gets the responses to the enforce request, each of which must have this outcome.</summary>
    public IReadOnlyList<FaultResponse> Responses { get; init; } = [FaultResponse.Allow];

    /// <summary>What is done with a connection before any request is read.</summary>
    public Func<FaultConnection, Task>? Connection { get; init; }

    /// <summary>Gets the responses to each poll of a hold.</summary>
    public FaultResponse? Hold { get; init; }

    /// <summary>The code of a refusal; any of several where a platform decides.</summary>
    public IReadOnlyList<string?> Codes { get; init; } = [];

    public Type Exception { get; init; } = typeof(PolicyViolationException);

    /// <summary>What the tool runs with, where it runs.</summary>
    public string Text { get; init; } = "original";

    /// <summary>The end of the fault is the time limit for a decision, which is short then.</summary>
    public bool Waits { get; init; }

    /// <summary>Each call takes a time limit to its end, so that all modes wait together.</summary>
    public bool IsSlow { get => field || Waits; init; }

    public bool Listens { get; init; } = true;

    /// <summary>The API URL for the server's own.</summary>
    public Func<string, string> Url { get; init; } = url => url;

    public Action<ThothOptions> Configure { get; init; } = _ => { };

    public Action<IThothBuilder> Build { get; init; } = _ => { };

    public Func<FaultPayload> Payload { get; init; } = () => new("original", null);

    /// <summary>What happens before the call, to its token.</summary>
    public Action<CancellationTokenSource> Before { get; init; } = _ => { };

    /// <summary>What the tool does to its caller's token.</summary>
    public Action<CancellationTokenSource> Inside { get; init; } = _ => { };

    /// <summary>Events can be counted afterwards.</summary>
    public bool HasEvents { get; init; } = true;

    /// <summary>What must hold of the server, or of a second one, when all is over.</summary>
    public Action Afterwards { get; init; } = () => { };

    /// <summary>
    /// Gets the responses to try in a mode. To a client all modes that ask are one (contract §2.1), and observe does not ask: of a
    /// hundred statuses, the modes beside <see cref="EnforcementMode.Block"/> try some.
    /// </summary>
    public IEnumerable<FaultResponse> ResponsesIn(EnforcementMode mode) =>
        mode == EnforcementMode.Block || Responses.Count < 50 ? Responses : Responses.Where((_, i) => i % 8 == (int)mode);

    public override string ToString() => Name;
}
