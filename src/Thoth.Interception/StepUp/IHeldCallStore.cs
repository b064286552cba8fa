namespace Thoth.Interception;

/// <summary>
/// Stores held calls until they are resumed or expire. The default store is in memory and ends with the process, unless the
/// <see cref="IEventOutbox"/> brings one. Thread-safe.
/// </summary>
/// <remarks>
/// For packages that bring a store of their own; they register it with <c>UseHeldCallStore</c>. Each process watches the calls that it
/// holds, and those that it finds in the store when it starts. The first one that finds a call expired records its end and removes it.
/// </remarks>
public interface IHeldCallStore
{
    /// <summary>
    /// Gets whether the store knows of every use of its calls. Otherwise another process may have resumed a call, and the enforcer is asked
    /// before an end is recorded. Default: <see langword="true"/>.
    /// </summary>
    bool KnowsEveryUse => true;

    /// <summary>Adds a held call.</summary>
    /// <param name="entry">The held call; its <see cref="HeldCallEntry.Version"/> is 0.</param>
    /// <param name="cancellationToken">Cancels the write. If it does, the call is not stored.</param>
    /// <returns>
    /// The stored call: <paramref name="entry"/>, perhaps with an <see cref="HeldCallEntry.Id"/> that the store gives it. An exception means
    /// that the call is not stored, and it is refused.
    /// </returns>
    ValueTask<HeldCallEntry> AddAsync(HeldCallEntry entry, CancellationToken cancellationToken);

    /// <summary>Gets a held call.</summary>
    /// <param name="id">Its id. It may come from a client: any text is possible.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The newest version, or <see langword="null"/> if there is none.</returns>
    ValueTask<HeldCallEntry?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Gets the held calls of a session, or those of every session that a process must watch when it starts, oldest first.</summary>
    /// <param name="sessionId">The session's id; <see langword="null"/> for every session.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The newest version of each.</returns>
    ValueTask<IReadOnlyList<HeldCallEntry>> ListAsync(string? sessionId, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces a held call unless it was replaced since it was read. Of several concurrent changes of one version exactly one succeeds,
    /// in whatever process: an approval is used once because of it.
    /// </summary>
    /// <param name="entry">The new version; its <see cref="HeldCallEntry.Version"/> is one more than that of the version to replace.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    /// <returns>Whether the call was replaced.</returns>
    ValueTask<bool> TryReplaceAsync(HeldCallEntry entry, CancellationToken cancellationToken);

    /// <summary>Removes a held call. Does nothing if there is none.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    /// <returns>Completes when the call is removed.</returns>
    ValueTask RemoveAsync(string id, CancellationToken cancellationToken);
}
