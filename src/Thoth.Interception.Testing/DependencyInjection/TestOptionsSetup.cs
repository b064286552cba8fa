using Microsoft.Extensions.Options;
using Thoth.Interception.Testing.Enforcer;

namespace Thoth.Interception.Testing.DependencyInjection;

/// <summary>Sets the options that a test needs, after all others: calls are evaluated, and messages can show masked arguments.</summary>
internal sealed class TestOptionsSetup : IPostConfigureOptions<ThothOptions>
{
    public void PostConfigure(string? name, ThothOptions options)
    {
        options.TenantId = options.TenantId is "" ? "test-tenant" : options.TenantId;
        options.AgentId = options.AgentId is "" ? "test-agent" : options.AgentId;
        options.Enforcement = options.Enforcement == EnforcementMode.Observe ? EnforcementMode.Block : options.Enforcement;
        options.Events.Capture = EventCapture.Arguments;
        options.Events.EmitFailures = true;
        options.StepUp.PollInterval = TestHolds.PollInterval;
    }
}
