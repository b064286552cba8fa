using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception;
using Thoth.Interception.CrashChild;
using Thoth.Interception.Sqlite;

if (args is ["conversation", var enforcer, var session, var count])
{
    return await Conversation.RunAsync(enforcer, session, int.Parse(count));
}

if (args is ["held", var heldUrl, var heldOutbox, var heldRuns])
{
    await HeldCallCommands.RunAsync(heldUrl, heldOutbox, heldRuns);
    return 0;
}

// Arguments: the enforcer's URL, the outbox, the file of runs, how many callers, how many calls in all (0: until it is killed).
// Each call has a number of its own, which the enforcer is asked about and the tool writes down.
var (url, outbox, runs, callers, calls) = (args[0], args[1], args[2], int.Parse(args[3]), int.Parse(args[4]));
var services = new ServiceCollection();
services.AddThoth(options =>
{
    (options.TenantId, options.AgentId, options.ApiUrl, options.ApiKey) = ("acme", "crash-child", url, "key");
    options.Events.BatchSize = 100;
    options.Events.DrainTimeout = TimeSpan.FromSeconds(30);
}).UseSqliteOutbox(outbox, options => options.Durability = OutboxDurability.BeforeExecution);
services.AddSingleton<ICrashTools>(_ => new CrashTools(runs)).AddGovernedTools<ICrashTools>();
await using var provider = services.BuildServiceProvider();
var tools = provider.GetRequiredService<ICrashTools>();
Console.WriteLine("ready");

var left = calls == 0 ? long.MaxValue : calls;
await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
{
    while (Interlocked.Decrement(ref left) >= 0)
    {
        await tools.RunAsync(Guid.NewGuid().ToString());
    }
})));
await provider.GetRequiredService<IEventPipeline>().FlushAsync();
return 0;
