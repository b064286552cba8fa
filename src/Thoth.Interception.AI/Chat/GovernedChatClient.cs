using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Thoth.Interception.AI.Approvals;
using Thoth.Interception.AI.Functions;

namespace Thoth.Interception.AI.Chat;

/// <summary>
/// The function loop of Microsoft.Extensions.AI with a decision before each function. A refusal is a result that the model reads, never an
/// exception, and the turn goes on. A held call ends the turn with a request for approval.
/// </summary>
internal sealed class GovernedChatClient : FunctionInvokingChatClient
{
    private readonly FunctionDecider _decider;
    private readonly ApprovalAnswers _answers;
    private readonly ThothChatClientOptions _options;
    private readonly IThothSessions _sessions;
    private readonly UngovernedTools _ungoverned;

    public GovernedChatClient(
        IChatClient inner, ThothChatClientOptions options, UngovernedTools ungoverned, FunctionDecider decider, ApprovalAnswers answers,
        IThothSessions sessions, ILoggerFactory? loggers, IServiceProvider services)
        : base(new HeldTurnGate(inner, ungoverned), loggers, services)
    {
        _decider = decider;
        _answers = answers;
        _options = options;
        _ungoverned = ungoverned;
        _sessions = sessions;
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        List<ChatMessage> history = [.. messages];
        var turn = await BeginAsync(history, options, cancellationToken).ConfigureAwait(false);
        Turn.Current = turn;
        var response = await base.GetResponseAsync(history, options, cancellationToken).ConfigureAwait(false);
        if (turn.HasHeld)
        {
            response.Messages = [.. response.Messages.Select(message => WithoutHeld(turn, message)).OfType<ChatMessage>(), RequestsOf(turn)];
        }

        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        List<ChatMessage> history = [.. messages];
        var turn = await BeginAsync(history, options, cancellationToken).ConfigureAwait(false);
        List<ChatResponseUpdate> withCalls = [];
        await using var updates = base.GetStreamingResponseAsync(history, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            // What an iterator makes ambient ends with each element that it returns.
            Turn.Current = turn;
            if (!await updates.MoveNextAsync().ConfigureAwait(false))
            {
                break;
            }

            // A call is not shown before it is known whether it is held. The loop marks the calls of a batch that it has run.
            withCalls.Add(updates.Current);
            if (withCalls.Exists(static update => update.Contents.Any(static content => content is FunctionCallContent { InformationalOnly: false })))
            {
                continue;
            }

            foreach (var update in withCalls)
            {
                if (WithoutHeld(turn, update) is { } shown)
                {
                    yield return shown;
                }
            }

            withCalls.Clear();
        }

        foreach (var update in withCalls)
        {
            if (WithoutHeld(turn, update) is { } shown)
            {
                yield return shown;
            }
        }

        if (turn.HasHeld)
        {
            var requests = RequestsOf(turn);
            yield return new ChatResponseUpdate(requests.Role, requests.Contents) { MessageId = requests.MessageId, ConversationId = turn.ConversationId ?? options?.ConversationId };
        }
    }

    /// <summary>Gives its options too, for packages that check how held calls are handled.</summary>
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(ThothChatClientOptions) ? _options : base.GetService(serviceType, serviceKey);

    protected override async ValueTask<object?> InvokeFunctionAsync(FunctionInvocationContext context, CancellationToken cancellationToken)
    {
        var turn = Turn.Current ?? throw new InvalidOperationException("A function is invoked outside of a request to the chat client.");
        using var decision = await _decider.DecideAsync(turn, context, cancellationToken).ConfigureAwait(false);
        if (decision.MayRun)
        {
            return await DecidedRun.RunAsync(
                decision,
                async (approved, token) =>
                {
                    context.Arguments = FunctionPlan.ToRun(context.Arguments, approved);
                    GovernedAIFunction.MarkDecided(context.Function, context.Arguments);
                    return await base.InvokeFunctionAsync(context, token).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }

        return decision.Held is { } held && turn.TryAsk(context, held, decision.ModelText) is { } placeholder
            ? placeholder
            : decision.ModelText;
    }

    private async ValueTask<Turn> BeginAsync(List<ChatMessage> history, ChatOptions? options, CancellationToken cancellationToken)
    {
        _ungoverned.ThrowIfAny(AdditionalTools);

        // A request of an agent that is another agent's tool would be lost: only its text comes out.
        var isNested = CurrentContext is not null;
        var session = _sessions.Current;
        var answers = await _answers.ReadAsync(history, isKept: !string.IsNullOrWhiteSpace(options?.ConversationId), session, cancellationToken).ConfigureAwait(false);
        return new Turn(session, canAsk: _options.WhenHeld == HeldFunctionMode.Ask && !isNested, answers);
    }

    /// <summary>Makes a message of its own, the last one: the loop later puts call and result in its place.</summary>
    private static ChatMessage RequestsOf(Turn turn) => new(ChatRole.Assistant, turn.Requests()) { MessageId = Guid.NewGuid().ToString("N") };

    /// <summary>Gets a message without held calls; <see langword="null"/> if nothing else is in it. The model's own object is left alone.</summary>
    private static ChatMessage? WithoutHeld(Turn turn, ChatMessage message)
    {
        var contents = turn.WithoutHeld(message.Contents);
        if (contents == message.Contents)
        {
            return message;
        }

        var shown = message.Clone();
        shown.Contents = contents;
        return contents.Count > 0 ? shown : null;
    }

    private static ChatResponseUpdate? WithoutHeld(Turn turn, ChatResponseUpdate update)
    {
        var contents = turn.WithoutHeld(update.Contents);
        if (contents == update.Contents)
        {
            return update;
        }

        var shown = update.Clone();
        shown.Contents = contents;
        return contents.Count > 0 ? shown : null;
    }
}
