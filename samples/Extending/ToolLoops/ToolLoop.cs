using System.Text.Json;
using Thoth.Interception;

namespace Extending.ToolLoops;

internal sealed class ToolLoop(IToolGovernor governor, IThothHolds holds, Func<string, IReadOnlyDictionary<string, object?>, Task<string>> runTool)
{
    /// <summary>Gets the ids of the held calls, by the model's ids of the calls.</summary>
    public Dictionary<string, string> Held { get; } = [];

    public async Task<string> CallAsync(ModelCall call, CancellationToken cancellationToken)
    {
        var tool = new ToolDescriptor(call.Tool) { Sensitive = ["card_number"] };
        using var decision = await governor.DecideAsync(tool, call.Arguments, new() { CallId = call.Id }, cancellationToken);
        if (decision.Held is { } held)
        {
            Held[call.Id] = held.Id;
        }

        return decision.MayRun
            ? await decision.RunAsync((arguments, _) => runTool(call.Tool, arguments), cancellationToken)
            : decision.ModelText;
    }

    public async Task<string> ContinueAsync(ModelCall call, CancellationToken cancellationToken)
    {
        var held = await holds.GetAsync(Held[call.Id], cancellationToken);
        using var decision = await governor.DecideAsync(
            new ToolDescriptor(call.Tool), call.Arguments, new() { CallId = call.Id, Held = held }, cancellationToken);
        return decision.MayRun
            ? await decision.RunAsync((arguments, _) => runTool(call.Tool, arguments), cancellationToken)
            : decision.ModelText;
    }

    public async Task<string> RefundAsync(IPaymentTools tools, ModelCall call, CancellationToken cancellationToken)
    {
        using var decision = await governor.DecideAsync(new ToolDescriptor("refund"), call.Arguments, new() { CallId = call.Id }, cancellationToken);
        return decision.MayRun
            ? await decision.RunAsync(
                (arguments, token) => tools.RefundAsync((string)arguments["order"]!, (decimal)arguments["amount"]!, token), cancellationToken)
            : decision.ModelText;
    }

    /// <summary>A tool of the sample: the values of a call without a governed interface are JSON.</summary>
    public static Task<string> ReadAsync(string tool, IReadOnlyDictionary<string, object?> arguments)
    {
        var path = ((JsonElement)arguments["path"]!).GetString();
        return Task.FromResult($"{tool}: {path}");
    }
}
