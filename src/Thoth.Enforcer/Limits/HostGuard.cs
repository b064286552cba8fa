using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Errors;

namespace Thoth.Enforcer.Limits;

/// <summary>
/// A server on loopback answers to loopback's names only: a web page whose own name is made to point here (DNS rebinding)
/// would otherwise speak to it from the person's browser.
/// </summary>
internal sealed class HostGuard(RequestDelegate next, EnforcerOptions options)
{
    public Task InvokeAsync(HttpContext context) =>
        options.AllowRemote || ListenAddresses.IsLoopback(context.Request.Host.Host)
            ? next(context)
            : ApiError.WriteAsync(context, StatusCodes.Status421MisdirectedRequest, "misdirected_request", "The server does not answer to this host name.");
}
