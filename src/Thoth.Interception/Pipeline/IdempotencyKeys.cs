using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Thoth.Interception.Arguments;
using Thoth.Interception.Sessions;
using Thoth.Interception.StepUp;

namespace Thoth.Interception.Pipeline;

/// <summary>
/// Computes the idempotency keys of calls: HMAC-SHA256 of the session, the tool, the arguments as they were shown, and what tells equal
/// calls apart. A call that is made again has the same key, on each machine of the application.
/// </summary>
internal sealed class IdempotencyKeys
{
    private readonly Lock _lock = new();
    private readonly byte[] _secret;

    public IdempotencyKeys(IOptions<ThothOptions> options)
    {
        var values = options.Value;
        var secret = string.IsNullOrEmpty(values.ApiKey) ? "no API key" : values.ApiKey;
        _secret = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), HMACSHA256.HashSizeInBytes,
            info: Joined("Thoth.Interception idempotency key", values.TenantId, values.AgentId));
    }

    /// <summary>Gets the key of a call, and remembers it there.</summary>
    public string Of(ToolCall call)
    {
        // One lock for all calls: few tools ask, and a call's key may need the key of the call around it.
        lock (_lock)
        {
            return (call.Key ??= Find(call)).Text;
        }
    }

    /// <summary>Called once a call has failed: the next equal call of its series is its repetition and gets its key.</summary>
    public void Failed(ToolCall call)
    {
        if (call.Key is { Series: { } series } key)
        {
            if (key.Number is { } number)
            {
                series.GiveBack(key.Equal, number);
            }
            else
            {
                series.GiveBack(key.Equal, key.Text);
            }
        }
    }

    private CallKey Find(ToolCall call)
    {
        if (call.Resumed is { } held && HeldCallData.Of(held).IdempotencyKey is { } key)
        {
            return OfResumed(key, call);
        }

        if (ArgumentsOf(call) is not { } arguments)
        {
            return OfAction(call);
        }

        if (call.Details?.CallId is { } id)
        {
            return new CallKey(Hash("call", id, call, arguments));
        }

        return call.Surrounding is { } scope ? InSeries(scope.Series, call, arguments) ?? OfAction(call) : OfAction(call);
    }

    private CallKey OfResumed(string key, ToolCall call)
    {
        if (call.Surrounding?.Series is not { } series)
        {
            return new CallKey(key);
        }

        series.Reserve(key);
        return new CallKey(key, series, Hash("series", series.Id, call, call.Request.Arguments));
    }

    private CallKey? InSeries(CallSeries series, ToolCall call, ReadOnlyMemory<byte> arguments)
    {
        var equal = Hash("series", series.Id, call, arguments);
        if (series.TakeFailed(equal) is { } failed)
        {
            return new CallKey(failed, series, equal);
        }

        while (series.Take(equal) is { } number)
        {
            var key = Hash(Joined(equal, number.ToString(CultureInfo.InvariantCulture)));
            if (!series.IsReserved(key))
            {
                return new CallKey(key, series, equal, number);
            }
        }

        return null;
    }

    private CallKey OfAction(ToolCall call) => new(Hash(Joined("action", call.Request.ActionAttestationId)));

    private string Hash(string kind, string id, ToolCall call, ReadOnlyMemory<byte> arguments)
    {
        var text = Joined(kind, id, call.Session.Id, call.Tool.Name);
        return Hash([.. text, .. arguments.Span]);
    }

    private string Hash(byte[] data) => Convert.ToHexStringLower(HMACSHA256.HashData(_secret, data));

    /// <summary>Joins texts so that no two lists of texts give the same bytes: each is preceded by its length.</summary>
    private static byte[] Joined(params ReadOnlySpan<string> texts)
    {
        var joined = new List<byte>();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            joined.AddRange(length);
            joined.AddRange(bytes);
        }

        return [.. joined];
    }

    /// <summary>Gets the arguments as they were shown. A call that is observed only may have shown none; then they are written now.</summary>
    private static ReadOnlyMemory<byte>? ArgumentsOf(ToolCall call)
    {
        if (!call.Request.Arguments.IsEmpty || call.Tool.Parameters.IsEmpty)
        {
            return call.Request.Arguments;
        }

        try
        {
            return call.Tool.Parameters.Serialize((object?[])call.Values.Clone(), WritingPurpose.Capture);
        }
        catch (ArgumentNotSerializableException)
        {
            return null;
        }
    }
}
