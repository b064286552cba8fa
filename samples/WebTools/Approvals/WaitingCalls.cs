using System.Collections.Concurrent;
using System.Text.Json;
using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

namespace WebTools;

/// <summary>Keeps the calls that wait for an approval, with their arguments. The answers come from <see cref="IThothHolds.ResolveAsync"/>.</summary>
internal sealed class WaitingCalls(IServiceProvider services) : IApprover
{
    // IThothHolds is resolved when it is used: it needs the enforcer, and the enforcer needs its approver.
    private readonly ConcurrentDictionary<string, ApprovalRequest> _calls = new(StringComparer.Ordinal);

    public async ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        _calls[request.ActionAttestationId] = request;
        try
        {
            // Nothing answers here: the wait is cancelled once the call is answered or expires.
            return await new TaskCompletionSource<ApprovalAnswer>().Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _calls.TryRemove(request.ActionAttestationId, out _);
        }
    }

    /// <summary>Lists the calls, the oldest first.</summary>
    public async Task<IReadOnlyList<WaitingCall>> ListAsync(CancellationToken cancellationToken)
    {
        var list = new List<WaitingCall>();
        foreach (var held in await services.GetRequiredService<IThothHolds>().ListAllAsync(cancellationToken))
        {
            // The arguments are not stored with a held call. The approver was given them.
            if (_calls.TryGetValue(held.ActionAttestationId, out var request))
            {
                list.Add(new WaitingCall(
                    held.Id, held.ToolName, JsonElement.Parse(request.ArgumentsToRun.Span), held.Reason,
                    [.. request.MatchedRuleIds], held.UserId, held.ExpiresAt));
            }
        }

        return list;
    }
}
