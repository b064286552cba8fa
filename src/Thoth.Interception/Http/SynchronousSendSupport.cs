using System.Reflection;

namespace Thoth.Interception.Http;

/// <summary>
/// Tells whether a client can send without asynchronous code. <see cref="HttpClient.Send(HttpRequestMessage)"/> does not
/// support HTTP/2, and it silently skips a handler that overrides <c>SendAsync</c> only, which may be the one that signs requests.
/// </summary>
internal static class SynchronousSendSupport
{
    private static readonly Type[] s_parameters = [typeof(HttpRequestMessage), typeof(CancellationToken)];

    public static bool Allow(HttpClient client, HttpMessageHandler? handler)
    {
        if (client.DefaultRequestVersion.Major > 1 || client.DefaultVersionPolicy == HttpVersionPolicy.RequestVersionOrHigher)
        {
            return false;
        }

        for (; handler is not null; handler = (handler as DelegatingHandler)?.InnerHandler)
        {
            if (DeclarerOf(handler, "SendAsync").IsSubclassOf(DeclarerOf(handler, "Send")))
            {
                return false;
            }
        }

        return true;
    }

    private static Type DeclarerOf(HttpMessageHandler handler, string method) =>
        handler.GetType().GetMethod(method, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public, s_parameters)!.DeclaringType!;
}
