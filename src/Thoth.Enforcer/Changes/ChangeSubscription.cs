using System.Threading.Channels;

namespace Thoth.Enforcer.Changes;

/// <summary>The changes for one reader. A slow reader loses the oldest ones: a notice says that something changed, the tables say what.</summary>
internal sealed class ChangeSubscription(ChangeFeed feed) : IDisposable
{
    private const int Capacity = 1_000;

    private readonly Channel<Change> _changes = Channel.CreateBounded<Change>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public IAsyncEnumerable<Change> ReadAllAsync(CancellationToken cancellationToken) => _changes.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Waits for a change, takes all that are queued, and returns their kinds.</summary>
    public async Task<IReadOnlySet<ChangeKind>> TakeKindsAsync(CancellationToken cancellationToken)
    {
        var kinds = new HashSet<ChangeKind> { (await _changes.Reader.ReadAsync(cancellationToken)).Kind };
        while (_changes.Reader.TryRead(out var change))
        {
            kinds.Add(change.Kind);
        }

        return kinds;
    }

    public void Offer(Change change) => _changes.Writer.TryWrite(change);

    public void Dispose()
    {
        feed.Remove(this);
        _changes.Writer.TryComplete();
    }
}
