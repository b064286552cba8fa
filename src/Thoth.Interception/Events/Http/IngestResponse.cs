using System.Net;
using Thoth.Interception.Events.Queue;

namespace Thoth.Interception.Events.Http;

/// <summary>What the API said to a batch; the default value is no answer. Its body is never kept: it may quote what was sent.</summary>
/// <param name="Status">The status.</param>
/// <param name="RetryAfter">How long the API asks to wait, whichever form it said it in.</param>
/// <param name="Hint">What is probably wrong with the key, for a log.</param>
internal readonly record struct IngestResponse(HttpStatusCode Status, TimeSpan? RetryAfter = null, string? Hint = null)
{
    public bool IsAnswered => Status != 0;

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    public bool IsTooLarge => Status == HttpStatusCode.RequestEntityTooLarge;

    /// <summary>Contract §5.6: trying again may help.</summary>
    public bool IsTransient => Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)Status >= 500;

    /// <summary>What the events are lost as; <see langword="null"/> where they are not.</summary>
    public DropReason? Loss => Status switch
    {
        _ when IsSuccess => null,
        _ when !IsAnswered || IsTransient => DropReason.SinkFailed,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => DropReason.Unauthorized,
        _ => DropReason.Rejected,
    };
}
