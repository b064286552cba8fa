using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Thoth.Interception;
using Thoth.Interception.Sqlite;

namespace Evidence;

/// <summary>Builds an application with a governed tool and a policy in this process. Its events go to the server.</summary>
internal static class Application
{
    public static ServiceProvider Build(
        IngestServer server, string? outbox, Action<SqliteOutboxOptions>? configure = null, Action<ThothOptions>? thoth = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning));
        var builder = services.AddThoth(options =>
        {
            (options.ApiUrl, options.ApiKey, options.TenantId, options.AgentId) = (server.Url, "sample-key", "acme", "clerk");
            thoth?.Invoke(options);
        }).UseLocalPolicy("evidence.policy.json");
        if (outbox is not null)
        {
            builder.UseSqliteOutbox(outbox, configure);
        }

        services.AddGovernedTools<INoteTools, NoteTools>(ServiceLifetime.Singleton);
        return services.BuildServiceProvider();
    }
}
