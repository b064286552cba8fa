using System.Buffers;
using Thoth.Interception.Http;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>What is needed of an HTTP response: its status, and as much of the body as may be looked at.</summary>
internal sealed class EnforcerResponse(int status) : IDisposable
{
    /// <summary>Contract §1.1.5: more is a malformed answer. Counted after decompression, so that a few bytes cannot fill the memory.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>Of an error's body, what a hint in the log is made of.</summary>
    public const int MaxErrorBytes = 512;

    private byte[]? _body;
    private int _length;

    public static EnforcerResponse Unreadable => new(0);

    /// <summary>0 where the answer was no HTTP.</summary>
    public int Status { get; } = status;

    public bool IsSuccess => Status is >= 200 and <= 299;

    /// <summary>The body is all there.</summary>
    public bool IsComplete { get; private set; }

    public TimeSpan? RetryAfter { get; private init; }

    public ReadOnlyMemory<byte> Body => _body.AsMemory(0, _length);

    public static async ValueTask<EnforcerResponse> ReadAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        var answer = Of(response, time);
        if (!answer.WantsBodyOf(response, out var limit))
        {
            return answer;
        }

        try
        {
            using var stream = ContentCoding.Decode(response.Content, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
            while (!answer.Took(await stream.ReadAsync(answer.Space(limit), cancellationToken).ConfigureAwait(false), limit))
            {
            }
        }
        catch (Exception exception) when (answer.HasMeaningDespite(exception, cancellationToken))
        {
            // See HasMeaningDespite.
        }

        return answer;
    }

    public static EnforcerResponse Read(HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        var answer = Of(response, time);
        if (!answer.WantsBodyOf(response, out var limit))
        {
            return answer;
        }

        try
        {
            using var stream = ContentCoding.Decode(response.Content, response.Content.ReadAsStream(cancellationToken));
            while (!answer.Took(stream.Read(answer.Space(limit).Span), limit))
            {
            }

            // A connection that was taken away ends some streams as if the body had ended.
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (Exception exception) when (answer.HasMeaningDespite(exception, cancellationToken))
        {
            // See HasMeaningDespite.
        }

        return answer;
    }

    public void Dispose()
    {
        if (_body is not null)
        {
            ArrayPool<byte>.Shared.Return(_body);
            _body = null;
        }
    }

    private static EnforcerResponse Of(HttpResponseMessage response, TimeProvider time)
    {
        var after = RetryAfterHeader.In(response, time);
        return new((int)response.StatusCode) { RetryAfter = after > TimeSpan.Zero ? after : null };
    }

    private bool WantsBodyOf(HttpResponseMessage response, out int limit)
    {
        limit = IsSuccess ? MaxBodyBytes : MaxErrorBytes;
        return IsSuccess ? response.Content.Headers.ContentLength is not > MaxBodyBytes : Status is 401 or 403;
    }

    /// <summary>
    /// The status of an error stands, whatever becomes of its body: a stalled 403 is no outage. A success whose body cannot
    /// be decoded is a malformed answer; one whose connection broke is an outage.
    /// </summary>
    private bool HasMeaningDespite(Exception exception, CancellationToken cancellationToken) =>
        !IsSuccess || (exception is not (IOException or OperationCanceledException) && !cancellationToken.IsCancellationRequested);

    /// <summary>Room for what comes next, one byte more than the limit at most: that byte tells that there is more.</summary>
    private Memory<byte> Space(int limit)
    {
        _body ??= ArrayPool<byte>.Shared.Rent(4096);
        if (_length == _body.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(_body.Length * 4, MaxBodyBytes + 1));
            Body.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_body);
            _body = larger;
        }

        return _body.AsMemory(_length, Math.Min(_body.Length, limit + 1) - _length);
    }

    /// <returns>Whether nothing more is to be read.</returns>
    private bool Took(int count, int limit)
    {
        _length += count;
        IsComplete = count == 0;
        return count == 0 || _length > limit;
    }
}
