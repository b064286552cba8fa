using System.Buffers;
using Thoth.Interception.Http;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>The parts of an HTTP response that are used: its status and a limited part of the body.</summary>
internal sealed class EnforcerResponse(int status) : IDisposable
{
    /// <summary>Contract §1.1.5: a larger body is a malformed response. The limit counts after decompression, so that a small body cannot fill the memory.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>The part of an error's body that is read for a hint in the log.</summary>
    public const int MaxErrorBytes = 512;

    private byte[]? _body;
    private int _length;

    public static EnforcerResponse Unreadable => new(0);

    /// <summary>The HTTP status; 0 if the response was not HTTP.</summary>
    public int Status { get; } = status;

    public bool IsSuccess => Status is >= 200 and <= 299;

    /// <summary>Whether the body was read to its end.</summary>
    public bool IsComplete { get; private set; }

    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Whether the enforcer showed the state of a hold and delivered nothing (contract §3.5).</summary>
    public bool IsPeek { get; private init; }

    public ReadOnlyMemory<byte> Body => _body.AsMemory(0, _length);

    public static async ValueTask<EnforcerResponse> ReadAsync(HttpResponseMessage message, TimeProvider time, CancellationToken cancellationToken)
    {
        var response = Of(message, time);
        if (!response.ReadsBodyOf(message, out var limit))
        {
            return response;
        }

        try
        {
            using var stream = ContentCoding.Decode(message.Content, await message.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
            while (!response.Append(await stream.ReadAsync(response.Space(limit), cancellationToken).ConfigureAwait(false), limit))
            {
            }
        }
        catch (Exception exception) when (response.IsUsableDespite(exception, cancellationToken))
        {
            // See IsUsableDespite.
        }

        return response;
    }

    public static EnforcerResponse Read(HttpResponseMessage message, TimeProvider time, CancellationToken cancellationToken)
    {
        var response = Of(message, time);
        if (!response.ReadsBodyOf(message, out var limit))
        {
            return response;
        }

        try
        {
            using var stream = ContentCoding.Decode(message.Content, message.Content.ReadAsStream(cancellationToken));
            while (!response.Append(stream.Read(response.Space(limit).Span), limit))
            {
            }

            // Some streams report the end of the body when their connection is aborted.
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (Exception exception) when (response.IsUsableDespite(exception, cancellationToken))
        {
            // See IsUsableDespite.
        }

        return response;
    }

    public void Dispose()
    {
        if (_body is not null)
        {
            ArrayPool<byte>.Shared.Return(_body);
            _body = null;
        }
    }

    private static EnforcerResponse Of(HttpResponseMessage message, TimeProvider time)
    {
        var after = RetryAfterHeader.In(message, time);
        return new((int)message.StatusCode)
        {
            RetryAfter = after > TimeSpan.Zero ? after : null,
            IsPeek = message.RequestMessage?.Method == HttpMethod.Get
                && message.Headers.NonValidated.TryGetValues(HoldHeaders.Peek, out var peek) && peek.ToString() == HoldHeaders.Yes,
        };
    }

    private bool ReadsBodyOf(HttpResponseMessage message, out int limit)
    {
        limit = IsSuccess ? MaxBodyBytes : MaxErrorBytes;
        return IsSuccess ? message.Content.Headers.ContentLength is not > MaxBodyBytes : Status is 401 or 403;
    }

    /// <summary>
    /// The status of an error counts even if its body cannot be read: a stalled 403 is not an outage. A success whose body
    /// cannot be decoded is a malformed response; one whose connection broke is an outage.
    /// </summary>
    private bool IsUsableDespite(Exception exception, CancellationToken cancellationToken) =>
        !IsSuccess || (exception is not (IOException or OperationCanceledException) && !cancellationToken.IsCancellationRequested);

    /// <summary>Memory for the next bytes. It goes one byte beyond the limit, to find out whether the body does too.</summary>
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

    /// <returns>Whether the body has ended or is too large.</returns>
    private bool Append(int count, int limit)
    {
        _length += count;
        IsComplete = count == 0;
        return count == 0 || _length > limit;
    }
}
