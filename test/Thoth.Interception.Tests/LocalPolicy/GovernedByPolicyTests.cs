using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy;

/// <summary>Checks the policy end to end: governed tools whose calls a policy file decides.</summary>
public sealed class GovernedByPolicyTests
{
    private const string Policy = """
        { "rules": [
          { "id": "read", "tools": "read_*", "decision": "allow" },
          { "id": "delete", "tools": "*", "actions": "delete", "decision": "block", "reason": "Nothing is deleted." },
          { "id": "export", "tools": "export_customers", "decision": "modify",
            "modify": { "keep_values": { "args.columns": ["name", "city"] } } },
          { "id": "refund", "tools": "refund", "when": { "args.amount": { "at_most": 100 } }, "decision": "allow" },
          { "id": "big", "tools": "refund", "when": { "args.amount": { "greater": 100 } }, "decision": "step_up", "timeout_seconds": 60 },
          { "id": "report", "tools": "build_report", "decision": "defer", "retry_seconds": 30 },
          { "id": "mail", "tools": "send_email", "decision": "allow" },
          { "id": "outside", "tools": "send_email", "decision": "block",
            "when": { "args.to[*]": { "not": { "like": "*@example.com" } } } },
          { "id": "leak", "tools": "send_email", "when": { "history": { "contains": "read_secret" } }, "decision": "block" }
        ] }
        """;

    public interface ISupportTools
    {
        string ReadSecret();

        [GovernedTool(Action = ToolAction.Delete)]
        void ReadAndDelete(string id);

        Task<string> ExportCustomersAsync(List<string> columns, CancellationToken cancellationToken = default);

        string Refund(decimal amount);

        void BuildReport();

        Task<int> SendEmailAsync(string[] to);
    }

    [Test]
    public async Task Call_EachDecision_IsEnforced()
    {
        using var folder = new TemporaryFolder();
        var approver = new ManualApprover();
        approver.Answer(ApprovalAnswer.Deny("ann", "too much"));
        await using var provider = Build(folder, approver);
        await using var scope = provider.CreateAsyncScope();
        var tools = scope.ServiceProvider.GetRequiredService<ISupportTools>();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await tools.SendEmailAsync(["a@example.com"]), Is.EqualTo(1));
            Assert.That(
                async () => await tools.SendEmailAsync(["a@example.com", "b@example.net"]),
                Throws.TypeOf<PolicyViolationException>().With.Property(nameof(PolicyViolationException.DecisionReasonCode)).EqualTo("outside"));
            Assert.That(await tools.ExportCustomersAsync(["name", "ssn"]), Is.EqualTo("name"));
            Assert.That(() => tools.ReadAndDelete("7"), Throws.TypeOf<PolicyViolationException>().With.Message.Contains("Nothing is deleted."));
            Assert.That(tools.Refund(100m), Is.EqualTo("paid"));
            Assert.That(
                () => tools.Refund(100.01m), Throws.TypeOf<StepUpRejectedException>().With.Message.Contains("too much"));
            Assert.That(
                tools.BuildReport,
                Throws.TypeOf<PolicyDeferredException>().With.Property(nameof(PolicyDeferredException.RetryAfter)).EqualTo(TimeSpan.FromSeconds(30)));
            Assert.That(tools.ReadSecret(), Is.EqualTo("secret"));
            Assert.That(
                async () => await tools.SendEmailAsync(["a@example.com"]),
                Throws.TypeOf<PolicyViolationException>().With.Property(nameof(PolicyViolationException.DecisionReasonCode)).EqualTo("leak"));
        }
    }

    [Test]
    public async Task Call_Approved_Runs()
    {
        using var folder = new TemporaryFolder();
        var approver = new ManualApprover();
        approver.Answer(ApprovalAnswer.Approve("ann"));
        await using var provider = Build(folder, approver);
        await using var scope = provider.CreateAsyncScope();

        Assert.That(scope.ServiceProvider.GetRequiredService<ISupportTools>().Refund(5000m), Is.EqualTo("paid"));
    }

    [Test]
    public void Host_BrokenPolicy_FailsAtStart()
    {
        using var folder = new TemporaryFolder();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddThoth(Identify).UseLocalPolicy(folder.Write("p.json", "{ \"ruls\": [] }"));
        using var host = builder.Build();

        Assert.That(async () => await host.StartAsync(), Throws.TypeOf<PolicyLoadException>().With.Message.Contains("Did you mean 'rules'?"));
    }

    private static ServiceProvider Build(TemporaryFolder folder, IApprover approver)
    {
        var services = new ServiceCollection();
        services.AddThoth(Identify).UseLocalPolicy(folder.Write("p.json", Policy)).UseApprover(approver);
        services.AddGovernedTools<ISupportTools, SupportTools>();
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    private static void Identify(ThothOptions options)
    {
        options.TenantId = "acme";
        options.AgentId = "support";
    }

    private sealed class SupportTools : ISupportTools
    {
        public string ReadSecret() => "secret";

        public void ReadAndDelete(string id) => throw new InvalidOperationException("must not run");

        public Task<string> ExportCustomersAsync(List<string> columns, CancellationToken cancellationToken = default) =>
            Task.FromResult(string.Join(',', columns));

        public string Refund(decimal amount) => "paid";

        public void BuildReport() => throw new InvalidOperationException("must not run");

        public Task<int> SendEmailAsync(string[] to) => Task.FromResult(to.Length);
    }
}
