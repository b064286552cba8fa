namespace ExistingApp.Plugins;

/// <summary>Is registered by assembly scanning, without a reference to this class.</summary>
internal sealed class ShippingTools : IShippingTools
{
    public ValueTask<string> TrackParcelAsync(string order) => ValueTask.FromResult($"the parcel of {order} is on its way");
}
