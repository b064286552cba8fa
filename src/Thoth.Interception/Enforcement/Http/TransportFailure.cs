using System.Net.Sockets;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>What it means that an exchange failed (contract §1.2.5). Only what is surely an outage may be let through by fail-open.</summary>
internal static class TransportFailure
{
    /// <summary>
    /// The answer that the failure stands for: a status that a handler made an exception of, or something that is no HTTP.
    /// <see langword="null"/> where it is neither that nor an outage, but an error in a handler of the application.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    /// <exception cref="EnforcerUnavailableException">Nobody answered, or not in time.</exception>
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
