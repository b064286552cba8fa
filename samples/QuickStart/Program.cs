using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using QuickStart;
using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

try
{
    var run = RunOptions.Parse(args);
    var console = Report.OpenConsole();
    using var workspace = Workspace.Create(run.Keep);
    var evidence = new EvidenceSink();
    IApprover approver = run.Interactive ? new ConsoleApprover(console) : new ScriptedApprover();

    // Your application, as it was: an agent that calls tools through their interfaces.
    var services = new ServiceCollection();
    services.AddSingleton(workspace).AddSingleton(TimeProvider.System);
    services.AddScoped<IDocumentTools, DocumentTools>();
    services.AddScoped<ICustomerTools, CustomerTools>();
    services.AddScoped<Agent>();

    // Governance: the agent's identity, the options, the event sink, the enforcer and the approver ...
    var thoth = services.AddThoth(options =>
    {
        options.TenantId = options.TenantId is { Length: > 0 } tenant ? tenant : "acme";
        options.AgentId = options.AgentId is { Length: > 0 } agentId ? agentId : "support-agent";
        options.Events.Capture = EventCapture.Arguments;
        if (run.Enforcer is not null)
        {
            // A local enforcer without API keys accepts any key. Without a key no events would be sent.
            options.ApiUrl = run.Enforcer;
            options.ApiKey ??= "local";
            options.StepUp.PollInterval = TimeSpan.FromSeconds(1);
        }
    }).AddEventSink(evidence);

    // With --enforcer or THOTH_API_URL the Thoth API evaluates calls, otherwise the policy beside this program.
    if (!run.UsesApi)
    {
        thoth.UseLocalPolicy("thoth.policy.json").UseApprover(approver);
    }

    // ... and the governed interfaces. From here on each call of them is evaluated before the tool runs.
    services.AddGovernedTools<IDocumentTools>();
    services.AddGovernedTools<ICustomerTools>();

    await using var provider = services.BuildServiceProvider();
    await using var scope = provider.CreateAsyncScope();
    var agent = scope.ServiceProvider.GetRequiredService<Agent>();

    var report = new Report(console);
    report.Introduce(workspace, run);
    var transcript = await agent.WorkAsync();

    // Events are delivered in the background, and the report needs all of them.
    var events = provider.GetRequiredService<IEventPipeline>();
    await events.FlushAsync();
    var calls = CallRecord.Join(evidence.Events, transcript);
    report.PrintCalls(calls);
    report.PrintEvidence(evidence, events.StatisticsBySink[nameof(EvidenceSink)]);
    report.PrintFiles(workspace);
    return run.UsesApi ? report.PrintDecidedByApi(calls.Count) : report.PrintVerdict(Expectation.Differences(calls, humanDecides: run.Interactive));
}
catch (Exception e) when (e is CannotRunException or PolicyLoadException or OptionsValidationException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
