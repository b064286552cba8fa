using Microsoft.Extensions.DependencyInjection;
using StepUpApproval;
using Thoth.Interception;

await using var server = await ApprovalServer.StartAsync();
await using var waiting = Application(StepUpMode.Wait);
await using var throwing = Application(StepUpMode.Throw);
var failures = 0;

// Wait: the call returns when an approver has decided. The caller sees a slow tool, or a refusal.
server.StatusRequested = server.Approve;
await ExpectAsync<string>("approved", waiting, default);

server.StatusRequested = token => server.Deny(token, "Not this customer again.");
await ExpectAsync<StepUpRejectedException>("denied", waiting, default);

server.StatusRequested = _ => { };
await ExpectAsync<StepUpRejectedException>("not approved within 3 s", waiting, default);

using var cancellation = new CancellationTokenSource();
server.StatusRequested = _ => cancellation.Cancel();
await ExpectAsync<OperationCanceledException>("the caller gives up", waiting, cancellation.Token);

// Throw: the call fails at once, and the application handles the approval itself.
server.StatusRequested = _ => { };
await ExpectAsync<StepUpRequiredException>("the call fails at once", throwing, default);
return failures;

ServiceProvider Application(StepUpMode mode)
{
    var services = new ServiceCollection();
    services.AddThoth(options =>
    {
        options.ApiUrl = server.Url;
        options.TenantId = "acme";
        options.AgentId = "support-agent";
        options.StepUp.Mode = mode;
        options.StepUp.PollInterval = TimeSpan.FromMilliseconds(250);
    });
    services.AddGovernedTools<IRefundTools, RefundTools>(ServiceLifetime.Singleton);
    return services.BuildServiceProvider();
}

async Task ExpectAsync<TOutcome>(string when, ServiceProvider application, CancellationToken cancellationToken)
{
    object outcome;
    try
    {
        outcome = await application.GetRequiredService<IRefundTools>().RefundAsync("A-1002", 250, cancellationToken);
    }
    catch (StepUpRequiredException e)
    {
        // The application resolves the approval with the token. The token is a secret, so messages never contain it.
        Console.WriteLine($"   held under a token of {e.HoldToken!.Length} characters, for {e.ExpiresIn?.TotalSeconds} s");
        outcome = e;
    }
    catch (Exception e) when (e is PolicyViolationException or OperationCanceledException)
    {
        outcome = e;
    }

    var text = outcome is Exception exception ? $"{exception.GetType().Name}: {exception.Message}" : outcome;
    var asExpected = outcome is TOutcome;
    failures += asExpected ? 0 : 1;
    Console.WriteLine($"{(asExpected ? "ok" : "!!")} {when}: {text}");
}
