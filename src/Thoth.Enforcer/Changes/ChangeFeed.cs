using System.Collections.Concurrent;

namespace Thoth.Enforcer.Changes;

/// <summary>Tells everybody who looks on what changes. Publishing never waits for them.</summary>
internal sealed class ChangeFeed
{
    private readonly ConcurrentDictionary<ChangeSubscription, bool> _subscriptions = new();

    /// <summary>Every change from here on.</summary>
    public ChangeSubscription Subscribe()
    {
        var subscription = new ChangeSubscription(this);
        _subscriptions[subscription] = true;
        return subscription;
    }

    public void Publish(Change change)
    {
        foreach (var (subscription, _) in _subscriptions)
        {
            subscription.Offer(change);
        }
    }

    public void Remove(ChangeSubscription subscription) => _subscriptions.TryRemove(subscription, out _);
}
