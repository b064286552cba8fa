using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Interception;

/// <summary>Represents one registration of a governed interface, as the application made it and as it is now.</summary>
/// <param name="Plan">The description of the interface's tools.</param>
/// <param name="Original">The registration as the application made it.</param>
/// <param name="Governed">The registration that gives the proxy, under the original's key if it has one.</param>
internal sealed record GovernedRegistration(InterfaceDescriptor Plan, ServiceDescriptor Original, ServiceDescriptor Governed)
{
    /// <summary>The key, which can be <see cref="KeyedService.AnyKey"/>; <see langword="null"/> if the registration has none.</summary>
    public object? Key => Original.ServiceKey;

    /// <summary>The implementation's type; <see langword="null"/> if a factory makes the service, since only its call tells the type.</summary>
    public Type? Implementation => Original.GetImplementationType() ?? Original.GetImplementationInstance()?.GetType();
}
