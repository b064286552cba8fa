namespace Thoth.Interception.Http;

/// <summary>How long a server asks to wait, whichever form it says it in.</summary>
internal static class RetryAfterHeader
{
    /// <returns>Negative where the time is over already; <see langword="null"/> where the server asks for nothing.</returns>
    public static TimeSpan? In(HttpResponseMessage response, TimeProvider time)
    {
        var asked = response.Headers.RetryAfter;
        return asked?.Delta ?? (asked?.Date is { } date ? date - time.GetUtcNow() : null);
    }
}
