using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.LoadTests;

/// <summary>
/// Measures one turn of a scripted model with one allowed function call: by the framework's own loop, and by <c>UseThoth</c> with a policy in
/// process. Then 200 function calls of one turn at once, with an enforcer that takes 50 ms for each.
/// </summary>
internal static class AgentTurns
{
    private const int Rounds = 41;
    private const int Turns = 2_000;
    private const string Policy = """
        { "id": "load", "version": "1", "rules": [{ "id": "all", "tools": "*", "decision": "allow" }] }
        """;

    private static readonly ChatMessage[] s_messages = [new(ChatRole.User, "Search.")];

    public static async Task MeasureAsync()
    {
        await using var provider = Services(static thoth => thoth.UseLocalPolicy(static policy => policy.Json = Policy));
        var bare = new BatchModel(1).AsBuilder().UseFunctionInvocation().Build(provider);
        var governed = new BatchModel(1).AsBuilder().UseThoth().Build(provider);
        var function = new ChatOptions { Tools = [AIFunctionFactory.Create(static (string query, int limit) => "found", "search")] };
        var ofInterface = new ChatOptions { Tools = [.. provider.GetGovernedFunctions<ILoadTools>()] };
        (string What, Func<Task> Turn)[] turns =
        [
            ("UseFunctionInvocation, a function", () => bare.GetResponseAsync(s_messages, function)),
            ("UseThoth, the same function", () => governed.GetResponseAsync(s_messages, function)),
            ("UseThoth, a function of a governed interface", () => governed.GetResponseAsync(s_messages, ofInterface)),
        ];
        foreach (var (_, turn) in turns)
        {
            await RunAsync(turn, 10 * Turns);
        }

        // In turns, and the round in the middle, so that what else the machine does meets all of them.
        var rounds = Enumerable.Range(0, turns.Length).Select(static _ => new List<(double Microseconds, long Bytes)>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var which = 0; which < turns.Length; which++)
            {
                rounds[which].Add(await RunAsync(turns[which].Turn, Turns));
            }
        }

        Console.WriteLine("| one turn with one allowed function call | time | more than bare | allocated | more than bare |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        for (var which = 0; which < turns.Length; which++)
        {
            var time = rounds[which].Select(static round => round.Microseconds).Order().ElementAt(Rounds / 2);
            var more = Enumerable.Range(0, Rounds).Select(round => rounds[which][round].Microseconds - rounds[0][round].Microseconds).Order().ElementAt(Rounds / 2);
            var bytes = rounds[which].Min(static round => round.Bytes);
            Console.WriteLine($"| {turns[which].What} | {time:F1} µs | {more:F1} µs | {bytes:N0} B | {bytes - rounds[0].Min(static round => round.Bytes):N0} B |");
        }

        await ManyAtOnceAsync();
    }

    private static async Task<(double Microseconds, long Bytes)> RunAsync(Func<Task> turn, int count)
    {
        var (bytes, start) = (GC.GetTotalAllocatedBytes(), TimeProvider.System.GetTimestamp());
        for (var i = 0; i < count; i++)
        {
            await turn();
        }

        return (TimeProvider.System.GetElapsedTime(start).TotalMicroseconds / count, (GC.GetTotalAllocatedBytes() - bytes) / count);
    }

    private static async Task ManyAtOnceAsync()
    {
        const int Calls = 200;
        await using var provider = Services(static thoth => thoth.UseEnforcer(new WaitingEnforcer()));
        var client = new BatchModel(Calls).AsBuilder().UseThoth(configureInvocation: static loop => loop.AllowConcurrentInvocation = true).Build(provider);
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create(static (string query, int limit) => "found", "search")] };
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < 6; round++)
        {
            var start = TimeProvider.System.GetTimestamp();
            await client.GetResponseAsync(s_messages, options);
            var elapsed = TimeProvider.System.GetElapsedTime(start);
            best = elapsed < best ? elapsed : best;
        }

        Console.WriteLine($"{Calls} function calls of one turn at once, the enforcer takes 50 ms: {best.TotalMilliseconds:F0} ms.");
    }

    private static ServiceProvider Services(Action<IThothBuilder> add)
    {
        var services = new ServiceCollection();
        add(services.AddThoth(static options => (options.TenantId, options.AgentId) = ("acme", "load")));
        services.AddGovernedTools<ILoadTools, Tools>(ServiceLifetime.Singleton);
        return services.BuildServiceProvider();
    }

    private sealed class Tools : ILoadTools
    {
        public Task<string> SearchDocsAsync(string query, int limit) => Task.FromResult("found");
    }

    private sealed class WaitingEnforcer : IEnforcer
    {
        public async ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            return new() { Type = DecisionType.Allow };
        }
    }

    /// <summary>A model that calls the first tool a number of times at once, and then answers.</summary>
    private sealed class BatchModel(int calls) : IChatClient
    {
        private static readonly JsonElement s_query = JsonSerializer.SerializeToElement("castle proxies");
        private static readonly JsonElement s_limit = JsonSerializer.SerializeToElement(10);

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(messages.Last().Role == ChatRole.Tool
                ? new ChatMessage(ChatRole.Assistant, "done")
                : new ChatMessage(ChatRole.Assistant, [.. Enumerable.Range(0, calls).Select(number => Call(number, options!.Tools![0].Name))])));

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        private static AIContent Call(int number, string name) =>
            new FunctionCallContent(number == 0 ? "c0" : $"c{number}", name, new Dictionary<string, object?> { ["query"] = s_query, ["limit"] = s_limit });
    }
}
