using System.Collections.Concurrent;
using System.Text.Json;
using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

namespace WebTools;

/// <summary>Keeps the calls that wait for an approval, with their arguments. The answers come from <see cref="IThothHolds.ResolveAsync"/>.</summary>
internal sealed class WaitingCalls(IHeldCallStore store) : IApprover
{
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
        foreach (var request in _calls.Values.OrderBy(request => request.HeldAt))
        {
            // The approver knows the call by its action id; the id of the held call is in the store.
            var entries = await store.ListAsync(request.Context.SessionId, cancellationToken);
            if (entries.FirstOrDefault(entry => entry.ActionAttestationId == request.ActionAttestationId) is { } held)
            {
                list.Add(new WaitingCall(
                    held.Id, request.ToolName, JsonElement.Parse(request.ArgumentsToRun.Span), request.Reason,
                    [.. request.MatchedRuleIds], request.Context.UserId, held.ExpiresAt));
            }
        }

        return list;
    }
}
