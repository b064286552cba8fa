using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Approvals;

/// <summary>One request to the chat client: the answers that it brings, and the calls that are held in it. Thread-safe.</summary>
/// <param name="session">The session of the turn's calls. An iterator would lose the ambient one after its first element.</param>
/// <param name="canAsk">Whether a held call can be surfaced as an approval request.</param>
/// <param name="answers">The answers to approval requests, by the call that the loop runs.</param>
internal sealed class Turn(ThothSession session, bool canAsk, IReadOnlyDictionary<FunctionCallContent, ApprovalAnswered> answers)
{
    private static readonly AsyncLocal<Turn?> s_current = new();

    private readonly Lock _lock = new();
    private List<HeldFunctionCall>? _held;

    /// <summary>Gets or sets the turn of this asynchronous flow.</summary>
    public static Turn? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    public ThothSession Session { get; } = session;

    /// <summary>Gets whether a call is held, so that the model is not called again in this turn.</summary>
    public bool HasHeld => Volatile.Read(ref _held) is not null;

    /// <summary>Gets or sets the model's newest response.</summary>
    public ChatResponse? LastResponse { get; set; }

    /// <summary>Gets or sets the id by which the service keeps the history, of the model's newest response.</summary>
    public string? ConversationId { get; set; }

    /// <summary>Gets the host's answer to the request that a call came from; <see langword="null"/> if the model made the call in this turn.</summary>
    public ApprovalAnswered? AnswerOf(FunctionCallContent call) => answers.GetValueOrDefault(call);

    /// <summary>Surfaces a held call at the end of the turn, unless only the model can be told.</summary>
    /// <param name="context">The invocation.</param>
    /// <param name="held">The held call.</param>
    /// <param name="text">What the model reads if the request cannot be surfaced.</param>
    /// <returns>The result that stands for the call until the turn ends; <see langword="null"/> if the model must be told.</returns>
    public FunctionResultContent? TryAsk(FunctionInvocationContext context, HeldCall held, string text)
    {
        // A service that keeps the history has the calls of the batch already. It must get all of their results at once, so only a call
        // that is alone can wait.
        if (!canAsk || answers.ContainsKey(context.CallContent)
            || ((ConversationId ?? context.Options?.ConversationId) is not null && context.FunctionCount > 1))
        {
            return null;
        }

        var result = new FunctionResultContent(context.CallContent.CallId, text);
        lock (_lock)
        {
            (_held ??= []).Add(new HeldFunctionCall(context.CallContent, result, held));
        }

        return result;
    }

    /// <summary>Gets the contents without the held calls and the results that stand for them; the same list if it has none.</summary>
    public IList<AIContent> WithoutHeld(IList<AIContent> contents) =>
        HasHeld && contents.Any(IsHeld) ? [.. contents.Where(content => !IsHeld(content))] : contents;

    /// <summary>Makes the approval requests of the held calls.</summary>
    public List<AIContent> Requests()
    {
        lock (_lock)
        {
            return _held!.ConvertAll(static held => (AIContent)ApprovalRequests.Make(held));
        }
    }

    /// <summary>Makes a response without messages that otherwise says what the model's last one said.</summary>
    public ChatResponse EndWithoutModel() => new()
    {
        AdditionalProperties = LastResponse?.AdditionalProperties,
        ConversationId = LastResponse?.ConversationId,
        CreatedAt = LastResponse?.CreatedAt,
        FinishReason = LastResponse?.FinishReason,
        ModelId = LastResponse?.ModelId,
        RawRepresentation = LastResponse?.RawRepresentation,
        ResponseId = LastResponse?.ResponseId,
    };

    private bool IsHeld(AIContent content)
    {
        lock (_lock)
        {
            // By reference: a model may use a call id twice.
            return _held!.Exists(held => ReferenceEquals(held.Call, content) || ReferenceEquals(held.Result, content));
        }
    }
}
