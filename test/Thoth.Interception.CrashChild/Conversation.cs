using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.CrashChild;

/// <summary>Makes calls in a session that may have begun in another process, and prints what became of each.</summary>
internal static class Conversation
{
    public static async Task<int> RunAsync(string url, string sessionId, int calls)
    {
        var services = new ServiceCollection();
        services.AddThoth(options =>
            (options.TenantId, options.AgentId, options.UserId, options.ApiUrl, options.ApiKey) = ("acme", "support-agent", "ada", url, "local"));
        services.AddSingleton<ICrashTools, PlainTools>().AddGovernedTools<ICrashTools>();
        await using var provider = services.BuildServiceProvider();
        using var session = provider.GetRequiredService<IThothSessions>().GetOrStart(sessionId).Enter();
        for (var call = 0; call < calls; call++)
        {
            try
            {
                await provider.GetRequiredService<ICrashTools>().RunAsync($"{call}");
                Console.WriteLine("ran");
            }
            catch (PolicyViolationException e)
            {
                Console.WriteLine($"blocked {string.Join(',', e.Decision.MatchedRuleIds)}");
            }
        }

        return 0;
    }

    private sealed class PlainTools : ICrashTools
    {
        public Task RunAsync(string number) => Task.CompletedTask;
    }
}
