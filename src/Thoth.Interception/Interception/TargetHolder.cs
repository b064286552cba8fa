namespace Thoth.Interception.Interception;

/// <summary>
/// Holds the service behind a proxy. The container returns this holder and never the service, so the service cannot be resolved by any
/// type or key.
/// </summary>
internal class TargetHolder(object service)
{
    public object Service { get; } = service;
}
