namespace Thoth.Interception.Interception;

/// <summary>
/// Holds the service behind a proxy. The container gives out this holder, never the service itself, so that no service type
/// and no key leads around the proxy.
/// </summary>
internal class TargetHolder(object service)
{
    public object Service { get; } = service;
}
