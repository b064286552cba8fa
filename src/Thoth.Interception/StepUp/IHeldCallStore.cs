namespace Thoth.Interception;

/// <summary>
/// Stores held calls until they are resumed or expire. The default store is in memory and ends with the process. Thread-safe.
/// </summary>
/// <remarks>
/// For packages that bring a store of their own. The process that holds a call removes it when it expires; a store that outlives
/// processes must remove expired calls itself.
/// </remarks>
public interface IHeldCallStore
{
    /// <summary>Adds a held call.</summary>
    /// <param name="entry">The held call; its <see cref="HeldCallEntry.Version"/> is 0.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    /// <returns>Completes when the call is stored. An exception means that it is not, and the call is refused.</returns>
    ValueTask AddAsync(HeldCallEntry entry, CancellationToken cancellationToken);

    /// <summary>Gets a held call.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The newest version, or <see langword="null"/> if there is none.</returns>
    ValueTask<HeldCallEntry?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Gets the held calls of a session, oldest first.</summary>
    /// <param name="sessionId">The session's id.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The newest version of each.</returns>
    ValueTask<IReadOnlyList<HeldCallEntry>> ListAsync(string sessionId, CancellationToken cancellationToken);

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
