using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Interception;

/// <summary>
/// The registration of the service behind a proxy, which the application cannot resolve. A type is registered as a holder type with the
/// same constructors, so the container still chooses the constructor and validates the dependencies.
/// </summary>
internal sealed class TargetRegistration
{
    private readonly ServiceDescriptor _original;
    private readonly Type? _holder;

    /// <param name="original">The application's registration.</param>
    /// <param name="ordinalOf">Counts the registrations of one implementation, each of which needs another holder type.</param>
    /// <param name="decorated">The decorated services by Scrutor's keys, which the original's factory can resolve.</param>
    public TargetRegistration(
        ServiceDescriptor original, Func<Type?, int> ordinalOf, IReadOnlyDictionary<string, TargetRegistration> decorated)
    {
        _original = original;
        if (original.GetImplementationInstance() is not null)
        {
            return;
        }

        var implementation = original.GetImplementationType();
        _holder = TargetHolderTypes.GetHolderType(implementation, ordinalOf(implementation));
        Hidden = implementation is not null
            ? new ServiceDescriptor(_holder, original.ServiceKey, _holder, original.Lifetime)
            : new ServiceDescriptor(_holder, original.ServiceKey, FactoryOfHolder(original.GetImplementationFactory()!, decorated), original.Lifetime);
    }

    /// <summary>Gets the registration of the holder; <see langword="null"/> for an instance, which needs no holder.</summary>
    public ServiceDescriptor? Hidden { get; }

    /// <summary>Resolves the service behind the proxy; <see langword="null"/> if the application's factory returned null.</summary>
    public object? Get(IServiceProvider provider, object? requestedKey)
    {
        if (_holder is null)
        {
            return _original.GetImplementationInstance();
        }

        // Scrutor requests a decorated service by a generated key. Only a registration for any key gets the requested key.
        var key = Equals(_original.ServiceKey, KeyedService.AnyKey) ? requestedKey : _original.ServiceKey;
        var holder = key is null ? provider.GetService(_holder) : ((IKeyedServiceProvider)provider).GetKeyedService(_holder, key);
        return ((TargetHolder?)holder)?.Service;
    }

    private static Func<IServiceProvider, object?, object> FactoryOfHolder(
        Func<IServiceProvider, object?, object?> factory, IReadOnlyDictionary<string, TargetRegistration> decorated) => (provider, key) =>
        {
            var decorators = decorated.Count > 0 ? new DecoratorServiceProvider(provider, decorated) : null;
            var service = factory(decorators ?? provider, key);
            return service switch
            {
                null => null!,
                // Another holder holds and disposes it.
                _ when ReferenceEquals(service, decorators?.HandedOver) => new TargetHolder(service),
                IDisposable or IAsyncDisposable => new DisposableTargetHolder(service),
                _ => new TargetHolder(service),
            };
        };
}
