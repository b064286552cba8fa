using Thoth.Conformance;
using Thoth.Conformance.Servers;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Conformance;

/// <summary>The conformance cases for servers against this server, each under its own id.</summary>
public class ServerCaseTests
{
    private const string Key = "conformance_key_of_these_tests";
    private const string IngestToken = "conformance_ingest_token_of_these_tests";

    private static readonly ServerCaseFile s_file = ServerCaseFile.Read(ServerCaseFile.Own);

    private static IEnumerable<TestCaseData> Ids() => s_file.Cases.Select(serverCase => new TestCaseData(serverCase.Id).SetName(serverCase.Id));

    [TestCaseSource(nameof(Ids))]
    public async Task Case(string id)
    {
        await using var host = await EnforcerHost.StartAsync(options => options with
        {
            PolicyPath = Path.Combine(AppContext.BaseDirectory, "conformance.policy.json"),
            Keys = $"conformance={Key};conformance={IngestToken}",
        });
        var target = new ServerTarget
        {
            Url = new Uri(host.Url),
            Key = Key,
            IngestToken = IngestToken,
            Approver = new HoldApprover(call => ResolveAsync(host.Approvals, call), TimeSpan.Zero, TimeSpan.Zero),
        };
        using var runner = new ServerCaseRunner(s_file, target, TimeProvider.System);

        var result = await runner.RunAsync(s_file.Cases.Single(serverCase => serverCase.Id == id));

        Assert.That(result.Outcome, Is.EqualTo(CaseOutcome.Passed), string.Join(Environment.NewLine, result.Details));
    }

    private static async Task ResolveAsync(ApprovalService approvals, HoldToResolve call)
    {
        var hold = approvals.Pending().Single(row => row.Session == call.Session && row.Tool == call.Tool);
        var outcome = call.Resolution == "ALLOW"
            ? await approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "ada")
            : await approvals.DenyAsync(hold.Id, hold.ArgumentsHash, "ada");
        Assert.That(outcome, Is.EqualTo(AnswerOutcome.Recorded));
    }
}
