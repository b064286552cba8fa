namespace Thoth.Interception;

/// <summary>What the API said to a batch. Its body is never kept: it may quote what was sent.</summary>
/// <param name="Status">The status; 0 where the answer was no HTTP.</param>
/// <param name="RetryAfter">How long the API asks to wait, whichever form it said it in.</param>
/// <param name="Hint">What is probably wrong with the key, for a log.</param>
internal readonly record struct IngestAnswer(int Status, TimeSpan? RetryAfter, string Hint)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Contract §5.6: trying again may help.</summary>
    public bool IsTransient => Status is 0 or 408 or 429 or >= 500;
}
