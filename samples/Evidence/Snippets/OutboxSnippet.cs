using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Sqlite;

namespace Evidence.Snippets;

internal static class OutboxSnippet
{
    public static void Configure(IServiceCollection services)
    {
        services.AddThoth(options => options.ApiUrl = "https://enforce.acme.example")
            .UseSqliteOutbox("thoth-outbox.db", outbox =>
            {
                outbox.Durability = OutboxDurability.BeforeExecution;
                outbox.Retention = TimeSpan.FromDays(30);
            });
    }
}
