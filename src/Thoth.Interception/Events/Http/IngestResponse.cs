using System.Net;
using Thoth.Interception.Events.Queue;

namespace Thoth.Interception.Events.Http;

/// <summary>Represents the API's response to a batch; the default value means that none arrived. The body is not kept: it may quote the request.</summary>
/// <param name="Status">The status.</param>
/// <param name="RetryAfter">How long the API asks to wait, given as seconds or as a date.</param>
/// <param name="Hint">What is probably wrong with the key, for the log.</param>
internal readonly record struct IngestResponse(HttpStatusCode Status, TimeSpan? RetryAfter = null, string? Hint = null)
{
    public bool HasStatus => Status != 0;

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    public bool IsTooLarge => Status == HttpStatusCode.RequestEntityTooLarge;

    /// <summary>Whether a retry may help (contract §5.6).</summary>
    public bool IsTransient => Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)Status >= 500;

    /// <summary>Gets why the events are lost; <see langword="null"/> if they were accepted.</summary>
    public DropReason? Loss => Status switch
    {
        _ when IsSuccess => null,
        _ when !HasStatus || IsTransient => DropReason.SinkFailed,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => DropReason.Unauthorized,
        _ => DropReason.Rejected,
    };
}
