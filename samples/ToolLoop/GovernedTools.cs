using System.Text.Json;
using Thoth.Interception;
using ToolLoops.Tools;

namespace ToolLoops;

/// <summary>
/// Runs the calls of a model: each is decided before its tool runs. What it returns is what the model reads, so a refusal never ends
/// the conversation.
/// </summary>
internal sealed class GovernedTools(IToolGovernor governor, IThothHolds holds, ShopTools tools, Transcript transcript)
{
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(100);

    // By the id of the held call: a model may make a call again that is held already, and that is one held call.
    private readonly OrderedDictionary<string, (Call Call, HeldCall Held)> _held = [];

    /// <summary>Gets how many calls wait for an approval.</summary>
    public int HeldCount => _held.Count;

    /// <summary>Runs a call whose arguments are the bytes of a JSON object.</summary>
    public Task<string> CallAsync(string tool, ReadOnlyMemory<byte> json, string callId, CancellationToken cancellationToken)
    {
        transcript.ModelCalls(tool, json);
        var call = new Call(tool, callId, (options, token) => governor.DecideAsync(ShopTools.Describe(tool), json, options, token));
        return DecideAndRunAsync(call, held: null, cancellationToken);
    }

    /// <summary>Runs a call whose arguments are a map.</summary>
    public Task<string> CallAsync(
        string tool, IReadOnlyDictionary<string, JsonElement> arguments, string callId, CancellationToken cancellationToken)
    {
        transcript.ModelCalls(tool, JsonSerializer.SerializeToUtf8Bytes(arguments));
        var call = new Call(tool, callId, (options, token) => governor.DecideAsync(ShopTools.Describe(tool), arguments, options, token));
        return DecideAndRunAsync(call, held: null, cancellationToken);
    }

    /// <summary>Resumes the held calls that were approved or denied meanwhile.</summary>
    /// <returns>What the model reads about each.</returns>
    public async Task<IReadOnlyList<string>> ResumeAsync(CancellationToken cancellationToken)
    {
        List<string> outcomes = [];
        foreach (var (call, held) in _held.Values.ToArray())
        {
            var state = await holds.PeekAsync(held, cancellationToken);
            if (state == HeldCallState.Pending)
            {
                continue;
            }

            _held.Remove(held.Id);

            // Used: the model made the call again, and it ran then.
            if (state != HeldCallState.Used)
            {
                transcript.Resumes(call.Tool, call.Id);
                outcomes.Add($"News of the held call '{call.Id}' of '{call.Tool}': {await DecideAndRunAsync(call, held, cancellationToken)}");
            }
        }

        return outcomes;
    }

    /// <summary>Waits until each held call is approved or denied. A web application would respond to its user instead.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        foreach (var (_, held) in _held.Values)
        {
            while (await holds.PeekAsync(held, cancellationToken) == HeldCallState.Pending)
            {
                await Task.Delay(s_pollInterval, TimeProvider.System, cancellationToken);
            }
        }
    }

    private async Task<string> DecideAndRunAsync(Call call, HeldCall? held, CancellationToken cancellationToken)
    {
        using var decision = await call.DecideAsync(new() { CallId = call.Id, Held = held }, cancellationToken);
        transcript.Decided(decision);
        if (decision.Held is { } waiting)
        {
            _held.TryAdd(waiting.Id, (call, waiting));
        }

        var text = decision.MayRun ? await RunAsync(call.Tool, decision, cancellationToken) : decision.ModelText;
        transcript.ModelReads(text);
        return text;
    }

    private async Task<string> RunAsync(string tool, ToolCallDecision decision, CancellationToken cancellationToken)
    {
        try
        {
            return await decision.RunAsync((arguments, _) => tools.RunAsync(tool, arguments), cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return $"The tool '{tool}' failed. Check its arguments.";
        }
    }

    /// <summary>A call of the model. It is decided again, with the same arguments, when it was held.</summary>
    private sealed record Call(string Tool, string Id, Func<ToolCallOptions, CancellationToken, ValueTask<ToolCallDecision>> DecideAsync);
}
