using System.Net.Sockets;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>Classifies failures of a request (contract §1.2.5). Fail-open applies only to a failure that is certainly an outage.</summary>
internal static class TransportFailure
{
    /// <summary>
    /// The response that the failure stands for: a status that a handler turned into an exception, or a response that is not
    /// HTTP. <see langword="null"/> if it is neither that nor an outage, but an error of a handler of the application.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    /// <exception cref="EnforcerUnavailableException">There was no response, or not in time.</exception>
    public static EnforcerResponse? MeaningOf(Exception exception, CancellationToken time, CancellationToken caller)
    {
        if (caller.IsCancellationRequested)
        {
            throw new OperationCanceledException(caller);
        }

        if (time.IsCancellationRequested || exception is OperationCanceledException)
        {
            throw Unavailable(SdkReasonCodes.EnforcerTimeout, exception);
        }

        var error = ErrorIn(exception);
        if (error is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded)
        {
            return EnforcerResponse.Unreadable;
        }

        if (error == HttpRequestError.Unknown && exception is HttpRequestException { StatusCode: { } status })
        {
            return new EnforcerResponse((int)status);
        }

        return IsOutage(error, exception) ? throw Unavailable(SdkReasonCodes.EnforcerUnreachable, exception) : null;
    }

    private static HttpRequestError? ErrorIn(Exception exception) => exception switch
    {
        HttpRequestException request => request.HttpRequestError,
        HttpIOException io => io.HttpRequestError,
        _ => null,
    };

    private static bool IsOutage(HttpRequestError? error, Exception exception) => error switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError or HttpRequestError.HttpProtocolError or HttpRequestError.ResponseEnded => true,
        HttpRequestError.Unknown => exception is IOException || exception.InnerException is IOException or SocketException,
        null => exception is IOException,
        _ => false,
    };

    private static EnforcerUnavailableException Unavailable(string code, Exception cause) => new(code, "enforcer unavailable", cause);
}
