using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Errors;

namespace Thoth.Enforcer.Limits;

/// <summary>
/// A server on loopback accepts only loopback host names. Otherwise a web page whose host name is made to resolve to loopback
/// (DNS rebinding) could send it requests from the person's browser.
/// </summary>
internal sealed class HostGuard(RequestDelegate next, EnforcerOptions options)
{
    public Task InvokeAsync(HttpContext context) =>
        options.AllowRemote || ListenAddresses.IsLoopback(context.Request.Host.Host)
            ? next(context)
            : ApiError.WriteAsync(context, StatusCodes.Status421MisdirectedRequest, "misdirected_request", "The server does not accept this host name.");
}
