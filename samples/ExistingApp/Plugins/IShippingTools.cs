namespace ExistingApp.Plugins;

public interface IShippingTools
{
    ValueTask<string> TrackParcelAsync(string order);
}
