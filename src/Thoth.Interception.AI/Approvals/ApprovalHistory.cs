using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Approvals;

/// <summary>
/// Prepares a host's history for the function loop, which fails or sends invalid prompts for some: requests that were answered in an
/// earlier turn leave, requests without an answer become pending calls, and of several answers to one request one stays. The messages of
/// the host are not changed.
/// </summary>
/// <param name="history">The host's history, in a list of its own. Its messages are replaced by copies.</param>
/// <param name="isKept">Whether the service keeps the history: it knows the ids of the calls.</param>
internal sealed class ApprovalHistory(List<ChatMessage> history, bool isKept)
{
    private readonly Dictionary<string, ToolApprovalRequestContent> _requests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OpenAnswer> _answers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly HashSet<string> _callIds = new(StringComparer.Ordinal);

    /// <summary>Prepares the history. Most have no approval contents.</summary>
    /// <returns>The answers that no result follows, each with a call object that only this turn has.</returns>
    public static IReadOnlyCollection<OpenAnswer> Prepare(List<ChatMessage> history, bool isKept) =>
        history.Exists(static message => HasAny(message.Contents)) ? new ApprovalHistory(history, isKept).Prepare() : [];

    private Dictionary<string, OpenAnswer>.ValueCollection Prepare()
    {
        Read();
        for (var index = history.Count - 1; index >= 0; index--)
        {
            Replace(index);
        }

        return _answers.Values;
    }

    private static bool HasAny(IList<AIContent> contents)
    {
        for (var index = 0; index < contents.Count; index++)
        {
            if (contents[index] is ToolApprovalRequestContent { ToolCall: FunctionCallContent } or ToolApprovalResponseContent { ToolCall: FunctionCallContent })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Finds the answers of this turn, which no message of the model and no result follows. A host's no wins over its yes.
    /// </summary>
    private void Read()
    {
        HashSet<string> results = new(StringComparer.Ordinal);
        var isOver = false;
        for (var index = history.Count - 1; index >= 0; index--)
        {
            foreach (var content in history[index].Contents.Reverse())
            {
                switch (content)
                {
                    case FunctionResultContent result:
                        results.Add(result.CallId);
                        _callIds.Add(result.CallId);
                        break;
                    case ToolApprovalRequestContent { ToolCall: FunctionCallContent } request:
                        _requests[request.RequestId] = request;
                        if (!_answers.ContainsKey(request.RequestId) && results.Contains(request.ToolCall.CallId))
                        {
                            _done.Add(request.RequestId);
                        }

                        break;
                    case ToolApprovalResponseContent when history[index].Role == ChatRole.Assistant:
                        // A message of the model answers nothing, and leaves.
                        break;
                    case ToolApprovalResponseContent { ToolCall: FunctionCallContent call } answer when isOver || results.Contains(call.CallId):
                        _done.Add(answer.RequestId);
                        break;
                    case ToolApprovalResponseContent { ToolCall: FunctionCallContent } answer
                        when !_answers.TryGetValue(answer.RequestId, out var known) || (known.Given.Approved && !answer.Approved):
                        _answers[answer.RequestId] = new OpenAnswer(answer);
                        break;
                }
            }

            // What was answered before the model's last message was used in an earlier turn.
            isOver = isOver || history[index].Role == ChatRole.Assistant || history[index].Role == ChatRole.Tool;
        }

        foreach (var (id, answer) in _answers)
        {
            answer.Request = _requests.GetValueOrDefault(id);
            answer.Response = Copy(answer.Given, UnusedId(answer.Given.ToolCall.CallId));
        }
    }

    private void Replace(int index)
    {
        var message = history[index];
        if (!HasAny(message.Contents))
        {
            return;
        }

        List<AIContent> contents = [];
        List<AIContent> pending = [];
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case ToolApprovalRequestContent { ToolCall: FunctionCallContent } request:
                    if (Replace(request, pending) is { } replaced)
                    {
                        contents.Add(replaced);
                    }

                    break;
                case ToolApprovalResponseContent { ToolCall: FunctionCallContent } response:
                    if (_answers.GetValueOrDefault(response.RequestId) is { } answer && ReferenceEquals(answer.Given, response))
                    {
                        contents.Add(answer.Response);
                    }

                    break;
                default:
                    contents.Add(content);
                    break;
            }
        }

        if (pending.Count > 0)
        {
            history.Insert(index + 1, new ChatMessage(ChatRole.Tool, pending));
        }

        if (contents.Count == 0)
        {
            history.RemoveAt(index);
            return;
        }

        history[index] = message.Clone();
        history[index].Contents = contents;
    }

    private AIContent? Replace(ToolApprovalRequestContent request, List<AIContent> pending)
    {
        if (!ReferenceEquals(_requests[request.RequestId], request))
        {
            // A host stored the request twice.
            return null;
        }

        if (_answers.TryGetValue(request.RequestId, out var answer))
        {
            // The loop finds request and response by the id of the call, too.
            return new ToolApprovalRequestContent(request.RequestId, Copy((FunctionCallContent)request.ToolCall, answer.Response.ToolCall.CallId))
            {
                AdditionalProperties = request.AdditionalProperties,
            };
        }

        if (_done.Contains(request.RequestId))
        {
            return null;
        }

        if (ApprovalRequests.HeldIdOf(request.RequestId) is null)
        {
            // A request of the framework, which demands an answer.
            return request;
        }

        var call = Copy((FunctionCallContent)request.ToolCall, UnusedId(request.ToolCall.CallId));
        call.InformationalOnly = true;
        pending.Add(new FunctionResultContent(call.CallId, ApprovalRequests.PendingText(call.Name, request)));
        return call;
    }

    /// <summary>Makes an id that no other call of the prompt has. Some models use an id again, and the loop then takes the call for a finished one.</summary>
    private string UnusedId(string callId)
    {
        var id = callId;
        for (var number = 2; !_callIds.Add(id) && !isKept; number++)
        {
            id = $"{callId}_{number}";
        }

        return id;
    }

    private static ToolApprovalResponseContent Copy(ToolApprovalResponseContent response, string callId) =>
        new(response.RequestId, response.Approved, Copy((FunctionCallContent)response.ToolCall, callId))
        {
            AdditionalProperties = response.AdditionalProperties,
            Annotations = response.Annotations,
            RawRepresentation = response.RawRepresentation,
            Reason = response.Reason,
        };

    /// <summary>Copies a call, because the loop marks what it has run. The provider's own object does not know another id.</summary>
    private static FunctionCallContent Copy(FunctionCallContent call, string callId) => new(callId, call.Name, call.Arguments)
    {
        AdditionalProperties = call.AdditionalProperties,
        Annotations = call.Annotations,
        Exception = call.Exception,
        RawRepresentation = callId == call.CallId ? call.RawRepresentation : null,
    };
}
