using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Tests.Events;
using Thoth.Interception.Tests.Events.Queue;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Health;

public class ThothHealthCheckTests
{
    [Test]
    public async Task NothingHappened_IsHealthy()
    {
        await using var host = Host();

        Assert.That((await CheckAsync(host)).Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(host.Enforcer.Requests, Is.Empty, "the check does not evaluate");
    }

    [Test]
    public async Task EnforcerThatCallsDoNotReach_IsUnhealthy_UntilItRespondsOrCallsStop([Values] bool failOpen, [Values] bool responds)
    {
        await using var host = Host(o => o.FailOpen = failOpen);
        host.Enforcer.Decide = _ => throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerUnreachable, "down");
        await CallAsync(host, 2);
        Assert.That((await CheckAsync(host)).Status, Is.EqualTo(HealthStatus.Healthy), "two failures may be chance");

        await CallAsync(host, 1);
        var lost = await CheckAsync(host);
        Assert.That(lost.Status, Is.EqualTo(failOpen ? HealthStatus.Degraded : HealthStatus.Unhealthy));
        Assert.That(lost.Description, Does.Contain("enforcer has been unreachable for the last calls"));

        if (responds)
        {
            host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
            await CallAsync(host, 1);
        }
        else
        {
            host.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.That((await CheckAsync(host)).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task QueueOverItsMark_IsDegraded_AndNamesTheSink()
    {
        await using var host = Host(o => (o.Events.QueueCapacity, o.Events.BatchSize) = (10, 500));
        var events = host.Get<EventPipeline>();
        for (var i = 0; i < 7; i++)
        {
            events.Enqueue(EventSamples.New());
        }

        Assert.That((await CheckAsync(host)).Status, Is.EqualTo(HealthStatus.Healthy));
        events.Enqueue(EventSamples.New());

        var full = await CheckAsync(host);
        Assert.That(full.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(full.Description, Does.Contain("queue of InMemoryEventSink"));
        Assert.That(full.Data["waiting"], Is.EqualTo(8));
        await events.FlushAsync();
        Assert.That((await CheckAsync(host)).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task OutboxThatCannotBeWritten_Fails_AsTheRegistrationSays()
    {
        var queue = new SecuringQueue { IsWritable = false };
        await using var host = GovernedHost.Create(
            services => services.AddSingleton<ApiSinkQueueFactory>((_, _) => queue).AddHealthChecks().AddThoth("evidence", HealthStatus.Degraded),
            options => options.ApiUrl = "http://127.0.0.1:1");

        var entry = await CheckAsync(host, "evidence");

        Assert.That((entry.Status, entry.Description), Is.EqualTo((HealthStatus.Degraded, "Thoth: events for outbox cannot be stored.")));
    }

    private static GovernedHost Host(Action<ThothOptions>? configure = null) =>
        GovernedHost.Create(services => services.AddHealthChecks().AddThoth(), configure);

    private static async Task<HealthReportEntry> CheckAsync(GovernedHost host, string name = "thoth") =>
        (await host.Get<HealthCheckService>().CheckHealthAsync()).Entries[name];

    private static async Task CallAsync(GovernedHost host, int times)
    {
        var tool = host.Wrap((int n) => Task.FromResult(n));
        for (var i = 0; i < times; i++)
        {
            try
            {
                await tool(i);
            }
            catch (PolicyViolationException)
            {
                // Refused, as it must be.
            }
        }
    }
}
