using System.Collections.Concurrent;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Caching.Distributed;

namespace Thoth.Interception.AspNetCore.HeldCalls;

/// <summary>
/// Stores a held call in its own id: a ticket, which every machine with the same Data Protection keys can open. What became of the call
/// is kept in this process, and in a cache that the machines share if there is one.
/// </summary>
internal sealed class HeldCallTicketStore : IHeldCallStore
{
    /// <summary>No ticket is longer, whatever the options say: longer texts of clients are not decrypted.</summary>
    private const int LongestTicket = 16_384;

    /// <summary>How long a ticket of another process is known after its call has expired: clocks of machines differ.</summary>
    private static readonly TimeSpan s_keep = TimeSpan.FromHours(1);

    private readonly HeldCallTicketOptions _options;
    private readonly HeldCallTicket _tickets;
    private readonly SharedTicketUses? _shared;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, KnownTicket> _known = new(StringComparer.Ordinal);
    private readonly Lock _purging = new();
    private readonly PriorityQueue<string, DateTimeOffset> _expiries = new();

    public HeldCallTicketStore(
        IDataProtectionProvider protection, IDistributedCache? sharedCache, HeldCallTicketOptions options, TimeProvider time)
    {
        (_options, _tickets, _time) = (options, new HeldCallTicket(protection), time);
        _shared = sharedCache is null ? null : new(sharedCache, _tickets, options.EnforcerBindsApprovals ? TimeSpan.Zero : options.UseDelay, time);
    }

    public bool KnowsEveryUse => _shared is not null;

    public ValueTask<HeldCallEntry> AddAsync(HeldCallEntry entry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var ticket = _tickets.Make(entry);
        if (ticket.Length > _options.MaxLength)
        {
            throw new InvalidOperationException(
                $"The ticket of the held call has {ticket.Length} characters, and HeldCallTicketOptions.MaxLength is {_options.MaxLength}. "
                + "Raise the limit, approve fewer tools for the session, or choose another store.");
        }

        var known = Known(entry);
        (known.Newest, known.Ticket) = (entry, ticket);
        return ValueTask.FromResult(entry with { Id = ticket });
    }

    public async ValueTask<HeldCallEntry?> GetAsync(string id, CancellationToken cancellationToken) =>
        Open(id) is { } first ? await NewestAsync(first, cancellationToken).ConfigureAwait(false) with { Id = id } : null;

    /// <summary>Lists the calls of this process: a ticket is known to the one that has it.</summary>
    public ValueTask<IReadOnlyList<HeldCallEntry>> ListAsync(string? sessionId, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<HeldCallEntry>>(
    [
        .. _known.Values.Where(known => known.Ticket is not null && (sessionId is null || known.Newest?.SessionId == sessionId))
            .Select(known => known.Newest! with { Id = known.Ticket! }).OrderBy(static entry => entry.HeldAt),
    ]);

    public async ValueTask<bool> TryReplaceAsync(HeldCallEntry entry, CancellationToken cancellationToken)
    {
        if (Open(entry.Id) is not { } first)
        {
            return false;
        }

        var known = Known(first);
        await known.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var newest = await NewestAsync(first, cancellationToken).ConfigureAwait(false);
            if (newest.Version != entry.Version - 1 || newest.State == HeldCallState.Used)
            {
                return false;
            }

            var replaced = entry with { Id = first.Id };
            if (_shared is not null)
            {
                if (entry.State == HeldCallState.Used && !await _shared.TryUseAsync(replaced, cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }

                await _shared.WriteAsync(replaced, cancellationToken).ConfigureAwait(false);
            }

            known.Newest = replaced;
            return true;
        }
        finally
        {
            known.Gate.Release();
        }
    }

    /// <summary>Forgets the call. Its ticket remains one of an expired call.</summary>
    public ValueTask RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (Open(id) is { } first && first.ExpiresAt <= _time.GetUtcNow())
        {
            _known.TryRemove(first.Id, out _);
        }

        return ValueTask.CompletedTask;
    }

    private HeldCallEntry? Open(string ticket) => ticket.Length is 0 or > LongestTicket ? null : _tickets.Open(ticket);

    /// <summary>Finds the newest version that this process or, if there is a shared cache, any machine knows.</summary>
    private async Task<HeldCallEntry> NewestAsync(HeldCallEntry first, CancellationToken cancellationToken)
    {
        var newest = _known.GetValueOrDefault(first.Id)?.Newest ?? first;
        if (_shared is null)
        {
            return newest;
        }

        if (await _shared.FindAsync(first.Id, cancellationToken).ConfigureAwait(false) is { } shared && shared.Version > newest.Version)
        {
            newest = shared;
        }

        return newest.State != HeldCallState.Used && await _shared.IsUsedAsync(first.Id, cancellationToken).ConfigureAwait(false)
            ? newest with { State = HeldCallState.Used }
            : newest;
    }

    /// <summary>
    /// Gets what this process knows of a ticket. One that it made is known until the end of its call is recorded, another one until it has
    /// expired.
    /// </summary>
    private KnownTicket Known(HeldCallEntry entry)
    {
        lock (_purging)
        {
            var now = _time.GetUtcNow();
            while (_expiries.TryPeek(out var oldest, out var expiry) && expiry <= now)
            {
                _expiries.Dequeue();
                if (_known.TryGetValue(oldest, out var old) && old.Ticket is null)
                {
                    _known.TryRemove(oldest, out _);
                }
            }

            if (!_known.TryGetValue(entry.Id, out var known))
            {
                _known[entry.Id] = known = new KnownTicket();
                _expiries.Enqueue(entry.Id, entry.ExpiresAt + s_keep);
            }

            return known;
        }
    }

    private sealed class KnownTicket
    {
        public SemaphoreSlim Gate { get; } = new(1);

        /// <summary>Gets or sets the newest version that this process knows; <see langword="null"/> for the one in the ticket.</summary>
        public HeldCallEntry? Newest { get; set; }

        /// <summary>Gets or sets the ticket if this process made it.</summary>
        public string? Ticket { get; set; }
    }
}
