namespace Thoth.Interception;

/// <summary>
/// Holds the service behind a proxy. The container gives out this holder, never the service itself, so that no service type
/// and no key leads around the proxy.
/// </summary>
internal class InnerService
{
    public InnerService(object service) => Service = service;

    /// <summary>For the types of <see cref="InnerServiceTypes"/>, whose constructors have the implementation's parameters.</summary>
    protected InnerService(Func<object?[], object> make, object?[] arguments) => Service = make(arguments);

    public object Service { get; }
}
