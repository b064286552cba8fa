using System.Text.Json;
using System.Threading.Channels;
using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

namespace ToolLoops;

/// <summary>
/// The person who approves held calls. The policy calls <see cref="DecideAsync"/> when a call is held; the person answers later, when
/// <see cref="WorkAsync"/> is called, and the conversation goes on meanwhile.
/// </summary>
internal sealed class Approver(Transcript transcript, bool ask) : IApprover
{
    private readonly Channel<(ApprovalRequest Request, TaskCompletionSource<ApprovalAnswer> Answer)> _inbox =
        Channel.CreateUnbounded<(ApprovalRequest, TaskCompletionSource<ApprovalAnswer>)>();

    public async ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<ApprovalAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _inbox.Writer.WriteAsync((request, answer), cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Answers as many requests, in the order in which the calls were held.</summary>
    public async Task WorkAsync(int count, CancellationToken cancellationToken)
    {
        var requests = new List<(ApprovalRequest Request, TaskCompletionSource<ApprovalAnswer> Answer)>();
        while (requests.Count < count)
        {
            requests.Add(await _inbox.Reader.ReadAsync(cancellationToken));
        }

        foreach (var (request, answer) in requests.OrderBy(item => item.Request.HeldAt))
        {
            transcript.ApproverSees(request);
            var decided = ask ? await AskAsync(cancellationToken) : Script(request);
            transcript.ApproverAnswers(decided);
            answer.SetResult(decided);
        }
    }

    /// <summary>Replaces the person: approves amounts up to 500, and nothing else.</summary>
    private static ApprovalAnswer Script(ApprovalRequest request)
    {
        using var arguments = JsonDocument.Parse(request.ArgumentsToRun);
        return arguments.RootElement.TryGetProperty("amount", out var amount) && amount.ValueKind == JsonValueKind.Number
            && amount.TryGetDecimal(out var value) && value <= 500
            ? ApprovalAnswer.Approve("Ada")
            : ApprovalAnswer.Deny("Ada", "The customer sends a photo of the damage first.");
    }

    private static async Task<ApprovalAnswer> AskAsync(CancellationToken cancellationToken)
    {
        Console.Write("           Let it run? [y/n] ");
        var line = await Console.In.ReadLineAsync(cancellationToken);
        return line?.Trim() is "y" or "yes" ? ApprovalAnswer.Approve("console") : ApprovalAnswer.Deny("console", "Not today.");
    }
}
