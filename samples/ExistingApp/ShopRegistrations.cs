using ExistingApp.Data;
using ExistingApp.Services;
using ExistingApp.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace ExistingApp;

/// <summary>Adds the application's services, as they were before governance.</summary>
internal static class ShopRegistrations
{
    public static IServiceCollection AddShop(this IServiceCollection services)
    {
        services.AddKeyedSingleton<IOrderRepository, LiveOrders>("live");
        services.AddKeyedSingleton<IOrderRepository, ArchivedOrders>("archive");
        services.AddSingleton<ICustomerRepository, Customers>();
        services.AddSingleton<Ledger>();
        services.AddScoped<OrderService>();

        services.AddScoped<IOrderTools, OrderTools>();
        services.AddScoped<ICustomerTools, CustomerTools>();
        services.AddTransient<IRefundTools, RefundTools>();
        services.AddKeyedScoped<IReportTools, DailyReportTools>("daily");

        // Plug-ins: each class of the namespace is registered under its interfaces.
        services.Scan(scan => scan.FromAssemblyOf<Agent>()
            .AddClasses(classes => classes.InNamespaces("ExistingApp.Plugins"), publicOnly: false)
            .AsImplementedInterfaces()
            .WithSingletonLifetime());
        return services.AddScoped<Agent>();
    }
}
