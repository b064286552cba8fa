using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Interception;

/// <summary>
/// The registration of the service behind a proxy, out of the application's reach. A type stays a type to the container, so
/// that it still chooses the constructor and checks the dependencies; it makes a holder of the service instead.
/// </summary>
internal sealed class TargetRegistration
{
    private readonly ServiceDescriptor _original;
    private readonly Type? _holder;

    /// <param name="original">The registration as it was made.</param>
    /// <param name="ordinalOf">Counts the registrations of one implementation, each of which needs a holder type of its own.</param>
    /// <param name="decorated">What the original's factory finds under the keys that Scrutor keeps decorated services under.</param>
    public TargetRegistration(
        ServiceDescriptor original, Func<Type?, int> ordinalOf, IReadOnlyDictionary<string, TargetRegistration> decorated)
    {
        _original = original;
        if (ServiceDescriptorExtensions.InstanceOf(original) is not null)
        {
            return;
        }

        var implementation = ServiceDescriptorExtensions.TypeOf(original);
        _holder = TargetHolderTypes.Of(implementation, ordinalOf(implementation));
        Hidden = implementation is not null
            ? new ServiceDescriptor(_holder, original.ServiceKey, _holder, original.Lifetime)
            : new ServiceDescriptor(_holder, original.ServiceKey, FactoryOfHolder(ServiceDescriptorExtensions.FactoryOf(original)!, decorated), original.Lifetime);
    }

    /// <summary>The registration of the holder; <see langword="null"/> for an instance, which needs none.</summary>
    public ServiceDescriptor? Hidden { get; }

    /// <summary>The service behind the proxy, of the provider's scope; <see langword="null"/> where the application's factory gave that.</summary>
    public object? Get(IServiceProvider provider, object? requestedKey)
    {
        if (_holder is null)
        {
            return ServiceDescriptorExtensions.InstanceOf(_original);
        }

        // Scrutor asks with a key of its own for what it has decorated; only a registration for any key follows the request.
        var key = Equals(_original.ServiceKey, KeyedService.AnyKey) ? requestedKey : _original.ServiceKey;
        var holder = key is null ? provider.GetService(_holder) : ((IKeyedServiceProvider)provider).GetKeyedService(_holder, key);
        return ((TargetHolder?)holder)?.Service;
    }

    private static Func<IServiceProvider, object?, object> FactoryOfHolder(
        Func<IServiceProvider, object?, object?> factory, IReadOnlyDictionary<string, TargetRegistration> decorated) => (provider, key) =>
        {
            var chain = decorated.Count > 0 ? new DecoratorServiceProvider(provider, decorated) : null;
            var service = factory(chain ?? provider, key);
            return service switch
            {
                null => null!,
                // Another holder holds it, and disposes it.
                _ when ReferenceEquals(service, chain?.HandedOver) => new TargetHolder(service),
                IDisposable or IAsyncDisposable => new DisposableTargetHolder(service),
                _ => new TargetHolder(service),
            };
        };
}
