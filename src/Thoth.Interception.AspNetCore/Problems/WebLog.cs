using Microsoft.Extensions.Logging;

namespace Thoth.Interception.AspNetCore.Problems;

/// <summary>The package's log messages.</summary>
internal static partial class WebLog
{
    [LoggerMessage(EventId = 1, EventName = "NoSession", Level = LogLevel.Error,
        Message = "A governed call of {Endpoint} has no session. Call app.UseThoth() after app.UseAuthentication() and before the endpoint.")]
    public static partial void NoSession(ILogger logger, string endpoint);

    [LoggerMessage(EventId = 2, EventName = "UserUnknown", Level = LogLevel.Warning,
        Message = "An authenticated request is refused, because its user id is missing, malformed, or reserved for the process or for "
            + "anonymous requests. Set ThothAspNetCoreOptions.UserIdClaims to the claim types of the id.")]
    public static partial void UserUnknown(ILogger logger);

    [LoggerMessage(EventId = 3, EventName = "StoreFailed", Level = LogLevel.Error,
        Message = "The store of held calls failed, so a request that resumes one is refused with status 503. Repair the store.")]
    public static partial void StoreFailed(ILogger logger, Exception exception);
}
