using Microsoft.Extensions.Caching.Distributed;

namespace Thoth.Interception.AspNetCore.HeldCalls;

/// <summary>
/// Tells other machines through a distributed cache what became of a ticket. Such a cache cannot compare and set, so the mark of a use
/// is written as in Fischer's algorithm: read nothing, write the own mark, wait, and read the own mark. With a wait that is longer than
/// any machine takes from the first read to the end of its write, one machine succeeds; one that took longer gives up.
/// </summary>
/// <param name="cache">The cache that the machines share.</param>
/// <param name="tickets">Protects what is written.</param>
/// <param name="wait">How long to wait; zero if the enforcer decides who uses an approval.</param>
/// <param name="time">The clock.</param>
internal sealed class SharedTicketUses(IDistributedCache cache, HeldCallTicket tickets, TimeSpan wait, TimeProvider time)
{
    /// <summary>How long the cache keeps what it knows of a ticket that has expired: clocks of machines differ.</summary>
    private static readonly TimeSpan s_keep = TimeSpan.FromMinutes(15);

    /// <summary>Gets the newest version that the machines know; <see langword="null"/> if none is newer than the ticket.</summary>
    public async Task<HeldCallEntry?> FindAsync(string id, CancellationToken cancellationToken) =>
        await cache.GetAsync(StateKey(id), cancellationToken).ConfigureAwait(false) is { } state && tickets.OpenState(state) is { } entry && entry.Id == id
            ? entry
            : null;

    public async Task<bool> IsUsedAsync(string id, CancellationToken cancellationToken) =>
        await cache.GetAsync(UseKey(id), cancellationToken).ConfigureAwait(false) is not null;

    public Task WriteAsync(HeldCallEntry entry, CancellationToken cancellationToken) =>
        cache.SetAsync(StateKey(entry.Id), tickets.ProtectState(entry), Until(entry), cancellationToken);

    /// <summary>Marks a ticket as used.</summary>
    /// <returns>Whether this process uses it, and no other one.</returns>
    public async Task<bool> TryUseAsync(HeldCallEntry entry, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        if (await IsUsedAsync(entry.Id, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        var mark = Guid.NewGuid().ToByteArray();
        await cache.SetAsync(UseKey(entry.Id), mark, Until(entry), cancellationToken).ConfigureAwait(false);
        if (wait > TimeSpan.Zero)
        {
            if (time.GetElapsedTime(began) > wait)
            {
                // Another machine may have read its own mark before this one was written.
                return false;
            }

            // Twice the limit, because clocks and timers of machines are not exact.
            await Task.Delay(wait * 2, time, cancellationToken).ConfigureAwait(false);
        }

        return await cache.GetAsync(UseKey(entry.Id), cancellationToken).ConfigureAwait(false) is { } read && read.AsSpan().SequenceEqual(mark);
    }

    private static string StateKey(string id) => $"thoth:held:{id}:state";

    private static string UseKey(string id) => $"thoth:held:{id}:used";

    private static DistributedCacheEntryOptions Until(HeldCallEntry entry) => new() { AbsoluteExpiration = entry.ExpiresAt + s_keep };
}
