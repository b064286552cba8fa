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

    public GovernedChatClient(
        IChatClient inner, ThothChatClientOptions options, FunctionDecider decider, ApprovalAnswers answers, IThothSessions sessions,
        ILoggerFactory? loggers, IServiceProvider services)
        : base(new HeldTurnGate(inner, new UngovernedTools(options)), loggers, services)
    {
        _decider = decider;
        _answers = answers;
        _options = options;
        _sessions = sessions;
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        List<ChatMessage> history = [.. messages];
        var turn = await BeginAsync(history, cancellationToken).ConfigureAwait(false);
        Turn.Current = turn;
        var response = await base.GetResponseAsync(history, options, cancellationToken).ConfigureAwait(false);
        if (turn.HasHeld)
        {
            response.Messages = [.. response.Messages.Where(message => turn.Strip(message.Contents)), RequestsOf(turn)];
        }

        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        List<ChatMessage> history = [.. messages];
        var turn = await BeginAsync(history, cancellationToken).ConfigureAwait(false);
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

            // A call is not shown before it is known whether it is held. The loop says so with the results of its batch.
            var update = updates.Current;
            if (update.Role != ChatRole.Tool && (withCalls.Count > 0 || update.Contents.Any(static content => content is FunctionCallContent)))
            {
                withCalls.Add(update);
                continue;
            }

            withCalls.Add(update);
            foreach (var shown in withCalls.Where(shown => turn.Strip(shown.Contents)))
            {
                yield return shown;
            }

            withCalls.Clear();
        }

        foreach (var shown in withCalls.Where(shown => turn.Strip(shown.Contents)))
        {
            yield return shown;
        }

        if (turn.HasHeld)
        {
            var requests = RequestsOf(turn);
            yield return new ChatResponseUpdate(requests.Role, requests.Contents) { MessageId = requests.MessageId, ConversationId = options?.ConversationId };
        }
    }

    /// <summary>Gives its options too, for packages that check how held calls are handled.</summary>
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(ThothChatClientOptions) ? _options : base.GetService(serviceType, serviceKey);

    protected override async ValueTask<object?> InvokeFunctionAsync(FunctionInvocationContext context, CancellationToken cancellationToken)
    {
        var turn = Turn.Current ?? throw new InvalidOperationException("A function is invoked outside of a request to the chat client.");
        using var decision = await _decider.DecideAsync(turn, context.Function, context.Arguments, context.CallContent.CallId, cancellationToken)
            .ConfigureAwait(false);
        if (decision.MayRun)
        {
            return await decision.RunAsync(
                async (approved, token) =>
                {
                    context.Arguments = FunctionPlan.ToRun(context.Arguments, approved);
                    GovernedAIFunction.MarkDecided(context.Function);
                    return await base.InvokeFunctionAsync(context, token).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }

        return decision.Held is { } held && turn.TryAsk(context, held, decision.ModelText) is { } placeholder
            ? placeholder
            : decision.ModelText;
    }

    private async ValueTask<Turn> BeginAsync(List<ChatMessage> history, CancellationToken cancellationToken)
    {
        // A request of an agent that is another agent's tool would be lost: only its text comes out.
        var isNested = CurrentContext is not null;
        var session = _sessions.Current;
        var answers = await _answers.ReadAsync(history, session, cancellationToken).ConfigureAwait(false);
        return new Turn(session, canAsk: _options.WhenHeld == HeldFunctionMode.Ask && !isNested, answers);
    }

    /// <summary>Makes a message of its own, the last one: the loop later puts call and result in its place.</summary>
    private static ChatMessage RequestsOf(Turn turn) => new(ChatRole.Assistant, turn.Requests()) { MessageId = Guid.NewGuid().ToString("N") };
}
