using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Thoth.Interception.AspNetCore.Callers;
using Thoth.Interception.AspNetCore.Problems;

namespace Thoth.Interception.AspNetCore.Holds;

/// <summary>Tells callers what became of their held calls.</summary>
internal static class HoldEndpoints
{
    /// <summary>The type of the events. The id of each is its state.</summary>
    private const string EventType = "state";

    public static async Task<IResult> ListAsync(
        HttpContext context, IThothSessions sessions, IThothHolds holds, CancellationToken cancellationToken)
    {
        var caller = CallerOf(context);
        if (caller.SessionId is null)
        {
            return new ProblemResult(Problem.ConversationRequired);
        }

        context.Response.Headers.CacheControl = "no-store";
        var list = await holds.ListAsync(sessions.Current, cancellationToken).ConfigureAwait(false);

        // Polls of an enforcer that is slow would add up one after the other. A session has a limited number of held calls.
        return TypedResults.Ok(await Task.WhenAll(list.Select(held => StatusAsync(holds, held, cancellationToken).AsTask())).ConfigureAwait(false));
    }

    public static async Task<IResult> GetAsync(
        string id, HttpContext context, CallerHolds callerHolds, IThothHolds holds, CancellationToken cancellationToken)
    {
        if (await callerHolds.FindAsync(id, CallerOf(context), cancellationToken).ConfigureAwait(false) is not { } held)
        {
            return new ProblemResult(Problem.HeldCallNotFound);
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await StatusAsync(holds, held, cancellationToken).ConfigureAwait(false));
    }

    public static async Task<IResult> WatchAsync(
        string id, HttpContext context, CallerHolds callerHolds, IThothHolds holds, IOptions<ThothOptions> options, TimeProvider time,
        IHostApplicationLifetime application, CancellationToken cancellationToken)
    {
        if (await callerHolds.FindAsync(id, CallerOf(context), cancellationToken).ConfigureAwait(false) is not { } held)
        {
            return new ProblemResult(Problem.HeldCallNotFound);
        }

        // A browser connects again when a stream ends, and names the last event that it got. This status tells it to stop.
        return Enum.TryParse<HeldCallState>(context.Request.Headers["Last-Event-ID"], ignoreCase: true, out var seen) && seen != HeldCallState.Pending
            ? TypedResults.NoContent()
            : TypedResults.ServerSentEvents(StatesAsync(held, holds, options.Value.StepUp.PollInterval, time, application.ApplicationStopping, cancellationToken));
    }

    /// <summary>Yields the state at each poll until it is final. A repeated state shows proxies and clients that the connection lives.</summary>
    private static async IAsyncEnumerable<SseItem<HeldCallStatus>> StatesAsync(
        HeldCall held, IThothHolds holds, TimeSpan interval, TimeProvider time, CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        while (true)
        {
            var status = await StatusAsync(holds, held, cancellationToken).ConfigureAwait(false);
            yield return new(status, EventType) { EventId = status.State.ToString().ToLowerInvariant() };
            if (status.State != HeldCallState.Pending)
            {
                yield break;
            }

            await Task.Delay(interval, time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (stopping.IsCancellationRequested)
            {
                // An open stream would keep the server from stopping. The browser connects again, to another machine.
                yield break;
            }
        }
    }

    private static async ValueTask<HeldCallStatus> StatusAsync(IThothHolds holds, HeldCall held, CancellationToken cancellationToken)
    {
        var state = await holds.PeekAsync(held, cancellationToken).ConfigureAwait(false);
        return new(held.Id, held.ToolName, held.Reason, state, held.HeldAt, held.ExpiresAt);
    }

    private static Caller CallerOf(HttpContext context) =>
        context.Features.Get<RequestCaller>() is { Caller: { } caller }
            ? caller
            : throw new InvalidOperationException(
                "The endpoints of MapThothHolds do not know the caller. Call app.UseThoth() after app.UseAuthentication(), and do not allow anonymous access to them.");

    private sealed class ProblemResult(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => ProblemWriter.WriteAsync(httpContext, problem).AsTask();
    }
}
