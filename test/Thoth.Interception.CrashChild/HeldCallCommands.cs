using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Sqlite;

namespace Thoth.Interception.CrashChild;

/// <summary>Holds calls and resumes them as its input says, one command and one line of output each, until its input ends or it is killed.</summary>
internal static class HeldCallCommands
{
    public static async Task RunAsync(string url, string outbox, string runs)
    {
        var services = new ServiceCollection();
        services.AddThoth(options =>
        {
            (options.TenantId, options.AgentId, options.ApiUrl, options.ApiKey) = ("acme", "crash-child", url, "key");
            options.StepUp.Mode = StepUpMode.Throw;
            options.Events.FlushInterval = TimeSpan.FromMilliseconds(50);
        }).UseSqliteOutbox(outbox, options => options.Durability = OutboxDurability.BeforeExecution);
        services.AddSingleton<ICrashTools>(_ => new CrashTools(runs)).AddGovernedTools<ICrashTools>();
        await using var provider = services.BuildServiceProvider();
        var (tools, holds) = (provider.GetRequiredService<ICrashTools>(), provider.GetRequiredService<IThothHolds>());
        using var session = provider.GetRequiredService<IThothSessions>().GetOrStart("conv-1", new() { UserId = "ada" }).Enter();
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            Console.WriteLine(line.Split(' ') switch
            {
                ["call", var number] => await CallAsync(tools, number),
                ["list"] => string.Join(' ', (await holds.ListAsync()).Select(held => held.Id)),
                ["peek", var id] => await holds.GetAsync(id) is { } held ? $"{await holds.PeekAsync(held)}" : "unknown",
                ["resume", var id, var number] => await ResumeAsync(holds, tools, id, number),
                _ => throw new InvalidOperationException(line),
            });
        }
    }

    private static async Task<string> ResumeAsync(IThothHolds holds, ICrashTools tools, string id, string number)
    {
        if (await holds.GetAsync(id) is not { } held)
        {
            return "unknown";
        }

        using (holds.Resume(held))
        {
            return await CallAsync(tools, number);
        }
    }

    private static async Task<string> CallAsync(ICrashTools tools, string number)
    {
        try
        {
            await tools.RunAsync(number);
            return "ran";
        }
        catch (StepUpRequiredException e)
        {
            return $"held {e.HeldCall!.Id}";
        }
        catch (PolicyViolationException e)
        {
            return e.SdkReasonCode ?? e.Reason;
        }
    }
}
