using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Tests.Support;

internal static class ServiceCollectionPut
{
    /// <summary>Adds one registration and gives the services back.</summary>
    public static IServiceCollection Put(this IServiceCollection services, ServiceDescriptor descriptor)
    {
        services.Insert(services.Count, descriptor);
        return services;
    }
}
