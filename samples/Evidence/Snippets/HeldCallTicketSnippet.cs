using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Evidence.Snippets;

internal static class HeldCallTicketSnippet
{
    public static void Configure(IServiceCollection services, IConfiguration configuration, DirectoryInfo sharedFolder)
    {
        services.AddDataProtection()
            .SetApplicationName("shop")
            .PersistKeysToFileSystem(sharedFolder);
        services.AddThoth(configuration)
            .UseHeldCallTickets(tickets => tickets.EnforcerBindsApprovals = true);   // true for Thoth.Enforcer
    }
}
