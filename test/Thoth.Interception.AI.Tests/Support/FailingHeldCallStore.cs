namespace Thoth.Interception.AI.Tests.Support;

/// <summary>A store of held calls that a test can break.</summary>
internal sealed class FailingHeldCallStore : IHeldCallStore
{
    private readonly SharedHeldCallStore _store = new();

    public bool Fails { get; set; }

    public ValueTask<HeldCallEntry> AddAsync(HeldCallEntry entry, CancellationToken cancellationToken) => Store.AddAsync(entry, cancellationToken);

    public ValueTask<HeldCallEntry?> GetAsync(string id, CancellationToken cancellationToken) => Store.GetAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<HeldCallEntry>> ListAsync(string? sessionId, CancellationToken cancellationToken) => Store.ListAsync(sessionId, cancellationToken);

    public ValueTask<bool> TryReplaceAsync(HeldCallEntry entry, CancellationToken cancellationToken) => Store.TryReplaceAsync(entry, cancellationToken);

    public ValueTask RemoveAsync(string id, CancellationToken cancellationToken) => Store.RemoveAsync(id, cancellationToken);

    private SharedHeldCallStore Store => Fails ? throw new IOException("The disk is gone.") : _store;
}
