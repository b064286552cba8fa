using System.Collections.Concurrent;

namespace Thoth.Enforcer.Changes;

/// <summary>Publishes changes to all subscriptions. Publishing never waits.</summary>
internal sealed class ChangeFeed
{
    private readonly ConcurrentDictionary<ChangeSubscription, bool> _subscriptions = new();

    /// <summary>Subscribes to all later changes.</summary>
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
