using System.Text;
using System.Text.Json;
using Thoth.Interception.Tests.Support;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Tests.Stress;

/// <summary>
/// Enforcer, event sink and tool in one: each tells from the arguments which call it has before it, and compares that with the
/// call that it was made in, as its ambient value says.
/// </summary>
internal sealed class StressLedger : ISynchronousEnforcer, IEventSink
{
    private static readonly AsyncLocal<StressPlan?> s_ambient = new();

    private readonly StressPlan[] _plans;
    private int _strangers;

    public StressLedger(StressPlan[] plans)
    {
        _plans = plans;
        Tools = new StressTools
        {
            OnRun = Run,
            OnRest = token => { if (_plans[token].Throws) { throw new InvalidDataException(StressCalls.TextOf(token)); } },
            Waits = token => _plans[token].Waits,
        };
    }

    public StressTools Tools { get; }

    /// <summary>Requests and events that no call was made for.</summary>
    public int Strangers => _strangers;

    public async Task CallAsync(IStressTools tools, ThothSession session, long token)
    {
        var plan = _plans[token];
        plan.Session = session;
        s_ambient.Value = plan;
        try
        {
            plan.Returned(await tools.UseAsync(plan.ReturnType, token), null);
        }
        catch (Exception exception)
        {
            plan.Returned(null, exception);
        }
    }

    public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken)
    {
        var (plan, decision) = Decide(request);
        return plan is { DecidesLater: true } ? LaterAsync(decision) : new(decision);
    }

    public EnforcementDecision Evaluate(EnforcementRequest request, CancellationToken cancellationToken)
    {
        // What the pipeline does with an enforcer that cannot decide synchronously.
        if (PlanOf(request) is { DecidesLater: true })
        {
            return SynchronousWait.For(
                static state => state.Ledger.EvaluateAsync(state.Request, state.Token), (Ledger: this, Request: request, Token: cancellationToken));
        }

        return Decide(request).Decision;
    }

    public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        foreach (var recorded in events)
        {
            if (recorded.Type != BehavioralEventType.SessionStarted)
            {
                PlanOf(recorded.Request)?.Recorded(recorded);
            }
        }

        return ValueTask.CompletedTask;
    }

    private static async ValueTask<EnforcementDecision> LaterAsync(EnforcementDecision decision)
    {
        await Task.Yield();
        return decision;
    }

    private (StressPlan? Plan, EnforcementDecision Decision) Decide(EnforcementRequest request)
    {
        var plan = PlanOf(request);
        plan?.Check(s_ambient.Value == plan, "the enforcer was asked within another call");
        plan?.Evaluated(request, Encoding.UTF8.GetString(request.Arguments.Span));
        return (plan, plan is { IsBlocked: false }
            ? ScriptedEnforcer.Allow
            : new EnforcementDecision { Type = DecisionType.Block, Reason = StressCalls.TextOf(plan?.Token ?? -1) });
    }

    private void Run(long token, string text)
    {
        _plans[token].Ran(text);
        _plans[token].Check(s_ambient.Value == _plans[token], "the tool ran within another call");
    }

    private StressPlan? PlanOf(EnforcementRequest request)
    {
        var arguments = new Utf8JsonReader(request.Arguments.Span);
        while (arguments.Read())
        {
            if (arguments.TokenType == JsonTokenType.Number)
            {
                return _plans[arguments.GetInt64()];
            }
        }

        Interlocked.Increment(ref _strangers);
        return null;
    }
}
