using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Interception;

/// <summary>One registration of a governed interface: what the container was told, and the registration that stands for it now.</summary>
/// <param name="Plan">The plans of the interface's tools.</param>
/// <param name="Original">The registration as the application made it.</param>
/// <param name="Governed">The registration that gives the proxy, under the original's key where it had one.</param>
internal sealed record GovernedRegistration(InterfaceDescriptor Plan, ServiceDescriptor Original, ServiceDescriptor Governed)
{
    /// <summary>The key it was registered under, <see cref="KeyedService.AnyKey"/> included; <see langword="null"/> for none.</summary>
    public object? Key => Original.ServiceKey;

    /// <summary>The implementation's type, or <see langword="null"/> where a factory makes it and nobody can know before.</summary>
    public Type? Implementation => Original.GetImplementationType() ?? Original.GetImplementationInstance()?.GetType();
}
