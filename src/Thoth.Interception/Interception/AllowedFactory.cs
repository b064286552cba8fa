using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Interception;

/// <summary>
/// Registers the factory of a service that may be ungoverned so that it gets an <see cref="UnproxiedServiceProvider"/>. What the factory
/// declares to return stays the same, because the coverage check reads it.
/// </summary>
internal static class AllowedFactory
{
    private static readonly MethodInfo s_factory = typeof(AllowedFactory).GetMethod(nameof(FactoryOf), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly MethodInfo s_keyed = typeof(AllowedFactory).GetMethod(nameof(KeyedFactoryOf), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static ServiceDescriptor Of(ServiceDescriptor original)
    {
        var make = (original.IsKeyedService ? s_keyed : s_factory).MakeGenericMethod(original.GetDeclaredType()).Invoke(null, [original])!;
        return original.IsKeyedService
            ? new ServiceDescriptor(original.ServiceType, original.ServiceKey, (Func<IServiceProvider, object?, object>)make, original.Lifetime)
            : new ServiceDescriptor(original.ServiceType, (Func<IServiceProvider, object>)make, original.Lifetime);
    }

    private static Func<IServiceProvider, TDeclared> FactoryOf<TDeclared>(ServiceDescriptor original)
        where TDeclared : class =>
        provider => (TDeclared)original.ImplementationFactory!(new UnproxiedServiceProvider(provider, original.ServiceType));

    private static Func<IServiceProvider, object?, TDeclared> KeyedFactoryOf<TDeclared>(ServiceDescriptor original)
        where TDeclared : class =>
        (provider, key) => (TDeclared)original.KeyedImplementationFactory!(new UnproxiedServiceProvider(provider, original.ServiceType), key);
}
