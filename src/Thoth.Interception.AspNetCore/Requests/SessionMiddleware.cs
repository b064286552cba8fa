using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Thoth.Interception.AspNetCore.Callers;
using Thoth.Interception.AspNetCore.Holds;
using Thoth.Interception.AspNetCore.Problems;

namespace Thoth.Interception.AspNetCore.Requests;

/// <summary>Lets each request enter the session of its user and conversation, and resume the held call that it names.</summary>
internal sealed class SessionMiddleware(
    RequestDelegate next, CallerReader callers, CallerHolds callerHolds, IThothSessions sessions, IThothHolds holds, ILogger<SessionMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        ThrowIfBeforeAuthentication(context);
        var (caller, problem) = callers.Read(context, context.User);
        if (problem is not null)
        {
            await RefuseAsync(context, problem).ConfigureAwait(false);
            return;
        }

        var isFirst = context.Features.Get<RequestCaller>() is null;
        var (entry, heldProblem) = isFirst ? await callerHolds.FromHeaderAsync(context, caller!).ConfigureAwait(false) : default;
        if (heldProblem is not null)
        {
            await ProblemWriter.WriteAsync(context, heldProblem).ConfigureAwait(false);
            return;
        }

        if (!callers.TryReadOperation(context, out var operation))
        {
            await ProblemWriter.WriteAsync(context, Problem.OperationMalformed).ConfigureAwait(false);
            return;
        }

        context.Features.Set(new RequestCaller(caller, Problem: null));
        await RunAsync(context, caller!, entry, operation).ConfigureAwait(false);
    }

    private async Task RunAsync(HttpContext context, Caller caller, HeldCall? held, string? operation)
    {
        var options = new ThothSessionOptions { UserId = caller.UserId };
        if ((caller.SessionId ?? held?.SessionId) is { } id)
        {
            using (sessions.GetOrStart(id, options).Enter(context.RequestAborted, operation))
            using (held is null ? null : holds.Resume(held))
            {
                await next(context).ConfigureAwait(false);
            }

            return;
        }

        using (sessions.StartOnFirstUse(options, context.RequestAborted))
        {
            await next(context).ConfigureAwait(false);
        }
    }

    private async Task RefuseAsync(HttpContext context, Problem problem)
    {
        if (problem == Problem.UserUnknown)
        {
            WebLog.UserUnknown(logger);
        }

        var endpoint = context.GetEndpoint();
        if (problem != Problem.ConversationMalformed && (endpoint is null || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null))
        {
            // Who signs in or out has no session. Governed calls of the request are refused.
            context.Features.Set(new RequestCaller(Caller: null, problem));
            await next(context).ConfigureAwait(false);
            return;
        }

        await Refusal.WriteAsync(context, problem).ConfigureAwait(false);
    }

    private static void ThrowIfBeforeAuthentication(HttpContext context)
    {
        // The authentication middleware sets the feature, whether it finds a user or not.
        if (context.Features.Get<IAuthenticationFeature>() is null && context.RequestServices.GetService<IAuthenticationSchemeProvider>() is not null)
        {
            throw new InvalidOperationException(
                "UseThoth runs before UseAuthentication, so it does not know the user. Call app.UseAuthentication() before app.UseThoth().");
        }
    }
}
