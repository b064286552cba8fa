namespace Thoth.Interception.Tests.Stress;

/// <summary>What is to happen to one call, and what did: one object per call, found by the call's token.</summary>
internal sealed class StressPlan
{
    private int _evaluations;
    private int _runs;
    private int _pre;
    private int _ends;

    public required long Token { get; init; }

    public required ToolReturnType ReturnType { get; init; }

    public required bool IsBlocked { get; init; }

    public required bool Throws { get; init; }

    /// <summary>The decision is not there at once.</summary>
    public required bool DecidesLater { get; init; }

    /// <summary>The tool's body is asynchronous in fact.</summary>
    public required bool Waits { get; init; }

    /// <summary>The session that the caller was in when it called.</summary>
    public ThothSession? Session { get; set; }

    public EnforcementRequest? Request { get; private set; }

    /// <summary>The history as it was when the call was evaluated: names that must never change.</summary>
    public int HistoryHash { get; private set; }

    /// <summary>The first thing that was not as it must be; <see langword="null"/> where all was.</summary>
    public string? Wrong { get; private set; }

    public bool Runs => !IsBlocked;

    private EventPhase End => IsBlocked ? EventPhase.Block : Throws ? EventPhase.Error : EventPhase.Post;

    public static StressPlan Random(long token, Random random) => new()
    {
        Token = token,
        ReturnType = StressCalls.All[random.Next(StressCalls.All.Length)],
        IsBlocked = random.Next(10) == 0,
        Throws = random.Next(20) == 0,
        DecidesLater = random.Next(4) == 0,
        Waits = random.Next(3) == 0,
    };

    public static int HashOf(IReadOnlyList<string> history)
    {
        var hash = default(HashCode);
        for (var i = 0; i < history.Count; i++)
        {
            hash.Add(history[i]);
        }

        return hash.ToHashCode();
    }

    public void Evaluated(EnforcementRequest request, string arguments)
    {
        Interlocked.Increment(ref _evaluations);
        Request = request;
        HistoryHash = HashOf(request.SessionToolCalls);
        Check(request.ToolName == StressCalls.ToolOf(ReturnType), "the enforcer was asked about another tool");
        Check(arguments == StressCalls.ArgumentsOf(ReturnType, Token), "the enforcer was shown other arguments");
        Check(request.Context.SessionId == Session!.Id, "the enforcer was told another session");
        Check(request.SessionToolCalls.Count <= 128, "the history is too long");
        Check(request.SessionToolCalls[^1] == request.ToolName, "the history does not end with the call");
    }

    public void Ran(string text)
    {
        Interlocked.Increment(ref _runs);
        Check(text == StressCalls.TextOf(Token), "the tool got other arguments");
    }

    public void Recorded(BehavioralEvent recorded)
    {
        Check(recorded.Request == Request || recorded.Type == BehavioralEventType.ToolCallPre, "an event tells of another request");
        if (recorded.Phase == EventPhase.Pre)
        {
            Interlocked.Increment(ref _pre);
        }
        else
        {
            Interlocked.Increment(ref _ends);
            Check(recorded.Phase == End, $"it ended as {recorded.Phase}");
        }
    }

    /// <summary>Notes how the call came back to its caller.</summary>
    public void Returned(long? result, Exception? exception) => Check(
        exception switch
        {
            null => Runs && !Throws && result == Token,
            PolicyViolationException violation => IsBlocked && violation.Reason == StressCalls.TextOf(Token) && violation.SessionId == Session!.Id,
            _ => Runs && Throws && exception.Message == StressCalls.TextOf(Token),
        },
        $"the caller got {exception?.ToString() ?? $"{result}"}");

    /// <summary>What was wrong with the call, once all is over.</summary>
    public string? Verdict()
    {
        Check(_evaluations == 1, $"{_evaluations} evaluations");
        Check(_runs == (Runs ? 1 : 0), $"{_runs} runs");
        Check(_pre == 1 && _ends == 1, $"{_pre} pre and {_ends} post or block events");
        Check(Request is not null && HashOf(Request.SessionToolCalls) == HistoryHash, "what the enforcer saw of the history has changed");
        return Wrong is null ? null : $"call {Token} ({ReturnType}): {Wrong}";
    }

    public void Check(bool holds, string wrong)
    {
        if (!holds)
        {
            Wrong ??= wrong;
        }
    }
}
