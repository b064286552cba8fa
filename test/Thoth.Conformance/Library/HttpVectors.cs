using Thoth.Conformance.Clients;

namespace Thoth.Conformance.Library;

/// <summary>Kind <c>http</c>: what an answer, or none, means for a call.</summary>
internal static class HttpVectors
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(300);

    public static async Task RunAsync(Vector vector)
    {
        var input = vector.Input;
        var servers = await VectorServers.StartAsync(vector, input.Text("other_origin_answers"));
        var fault = input.Text("fault");
        var failOpen = input.Flag("fail_open") ?? false;
        var setup = new VectorSetup
        {
            Mode = input.Text("mode"),
            Sink = new VectorSink(),
            Configure = options =>
            {
                options.FailOpen = failOpen;
                options.EnforcementTimeout = fault == "timeout" ? s_timeout : options.EnforcementTimeout;
            },
        };
        await using var host = await VectorHost.StartAsync(servers, setup, refused: fault == "connection_refused");
        using var caller = new CancellationTokenSource();
        if (input.Object("response") is { } response)
        {
            var answer = VectorAnswer.Read(response, servers.Other?.Url, input.Count("body_bytes"));
            host.Server.OnEnforce = _ => answer;
        }

        if (fault is not null)
        {
            host.Server.OnEnforce = FaultOf(fault, caller);
        }

        var outcome = await host.CallAsync("tool", new VectorTool(VectorArguments.Of(input.Take("tool_args"))), caller.Token);
        outcome.Check(vector);
        vector.CheckCount("enforce_requests", host.Server.Enforces.Count);
        vector.CheckCount("other_origin_requests", servers.Other?.Requests.Count ?? 0);
    }

    private static Func<RecordedRequest, ContractAnswer> FaultOf(string fault, CancellationTokenSource caller) => fault switch
    {
        "connection_refused" => _ => throw new ConformanceException("A server that refuses connections got a request."),
        "connection_reset" => _ => new ContractAnswer { Abort = true },
        "timeout" => _ => ContractAnswer.Never,
        "caller_cancelled" => _ => NeverTo(caller),
        _ => throw new ConformanceException($"The runner does not know the fault '{fault}'."),
    };

    private static ContractAnswer NeverTo(CancellationTokenSource caller)
    {
        caller.Cancel();
        return ContractAnswer.Never;
    }
}
