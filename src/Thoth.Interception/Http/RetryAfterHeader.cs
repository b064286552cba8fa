namespace Thoth.Interception.Http;

/// <summary>Reads the <c>Retry-After</c> header, which holds seconds or a date.</summary>
internal static class RetryAfterHeader
{
    /// <returns>The time to wait, negative if it is already over; <see langword="null"/> without the header.</returns>
    public static TimeSpan? In(HttpResponseMessage response, TimeProvider time)
    {
        var header = response.Headers.RetryAfter;
        return header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
    }
}
