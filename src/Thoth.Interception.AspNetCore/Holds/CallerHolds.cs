using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception.AspNetCore.Callers;
using Thoth.Interception.AspNetCore.Problems;

namespace Thoth.Interception.AspNetCore.Holds;

/// <summary>Finds the held calls of a caller. Those of others are as unknown to it as those that never were.</summary>
internal sealed class CallerHolds(IThothHolds holds, IOptions<ThothOptions> options, ILogger<CallerHolds> logger)
{
    /// <summary>The most characters that an id has. With a ticket as the id, a path with it must fit into the line of a request.</summary>
    private const int MaxIdLength = 6 * 1024;

    /// <summary>The characters that are the same in a header and in a path.</summary>
    private static readonly SearchValues<char> s_idCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    public async ValueTask<HeldCall?> FindAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        IsId(id) && await holds.GetAsync(id, cancellationToken).ConfigureAwait(false) is { } held && caller.Owns(held, options.Value.TenantId)
            ? held
            : null;

    /// <returns>The held call that the request names, the problem with it, or neither if the request names none.</returns>
    public async ValueTask<(HeldCall? Held, Problem? Problem)> FromHeaderAsync(HttpContext context, Caller caller)
    {
        if (!context.Request.Headers.TryGetValue(ThothAspNetCoreOptions.HeldHeader, out var values))
        {
            return default;
        }

        if (values.Count != 1 || values[0] is not { } id || !IsId(id))
        {
            return (null, Problem.HeldCallMalformed);
        }

        try
        {
            return await FindAsync(id, caller, context.RequestAborted).ConfigureAwait(false) is { } held ? (held, null) : (null, Problem.HeldCallUnknown);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            WebLog.StoreFailed(logger, exception);
            return (null, Problem.HeldCallUnavailable);
        }
    }

    private static bool IsId(string id) =>
        id.Length is > 0 and <= MaxIdLength && !id.AsSpan().ContainsAnyExcept(s_idCharacters);
}
