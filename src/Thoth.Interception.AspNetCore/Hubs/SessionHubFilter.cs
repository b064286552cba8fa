using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using Thoth.Interception.AspNetCore.Callers;
using Thoth.Interception.AspNetCore.Problems;

namespace Thoth.Interception.AspNetCore.Hubs;

/// <summary>
/// Lets each invocation of a SignalR hub enter the session of its user and conversation. Without it, invocations would have the session of
/// the request that opened the connection, or none, depending on the transport.
/// </summary>
internal sealed class SessionHubFilter(CallerReader callers, SessionIds sessionIds, IThothSessions sessions, IOptions<ThothOptions> options) : IHubFilter
{
    private static readonly object s_callerKey = new();

    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (SessionOf(invocationContext.Context) is not { } session)
        {
            return await RunAsync(() => next(invocationContext)).ConfigureAwait(false);
        }

        var aborted = invocationContext.Context.ConnectionAborted;
        var result = await RunAsync(async () =>
        {
            using (session.Enter(aborted))
            {
                return await next(invocationContext).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        return SessionStream.Wrap(result, invocationContext.HubMethod.ReturnType, new StreamContext(this, session, aborted));
    }

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        // The request that opens the connection names the conversation. It may be gone when a method is invoked.
        context.Context.Items[s_callerKey] = callers.Read(context.Context.GetHttpContext(), context.Context.User);
        using (SessionOf(context.Context)?.Enter(context.Context.ConnectionAborted))
        {
            await next(context).ConfigureAwait(false);
        }
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        // The connection is aborted, and what the hub does now is not.
        using (SessionOf(context.Context)?.Enter())
        {
            await next(context, exception).ConfigureAwait(false);
        }
    }

    /// <summary>Runs application code, and tells clients why a call did not run. They see no other exception's message.</summary>
    internal async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> run)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (ThothException exception) when (Problem.Of(exception, options.Value.StepUp) is { } problem)
        {
            throw new HubException(problem.ToText(), exception);
        }
    }

    /// <returns>The session, or <see langword="null"/> if the user is not authenticated and the hub allows that.</returns>
    private ThothSession? SessionOf(HubCallerContext connection)
    {
        var (caller, problem) = ((Caller?, Problem?))connection.Items[s_callerKey]!;
        if (caller is null)
        {
            return problem == Problem.Unauthenticated ? null : throw new HubException(problem!.ToText());
        }

        // No name of a conversation begins with a line break.
        var id = caller.SessionId ?? sessionIds.Of(caller.UserId, $"\nconnection {connection.ConnectionId}");
        return sessions.GetOrStart(id, new ThothSessionOptions { UserId = caller.UserId });
    }
}
