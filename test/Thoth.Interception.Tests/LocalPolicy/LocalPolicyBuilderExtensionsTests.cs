using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using NUnit.Framework;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy;

public sealed class LocalPolicyBuilderExtensionsTests
{
    private const string Allow = """{ "rules": [{ "id": "r", "tools": "*", "decision": "allow" }] }""";

    [Test]
    public async Task UseLocalPolicy_GoodFile_IsTheEnforcer()
    {
        using var folder = new TemporaryFolder();
        var services = new ServiceCollection();
        services.AddSingleton(Substitute.For<IEnforcer>());
        Builder(services).UseLocalPolicy(folder.Write("p.json", Allow));
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        var decision = await provider.GetRequiredService<IEnforcer>().EvaluateAsync(PolicyCalls.Call(), default);

        Assert.That(decision.Type, Is.EqualTo(DecisionType.Allow));
        Assert.That(provider.GetServices<IEnforcer>().Count(), Is.EqualTo(1));
    }

    [TestCase(null)]
    [TestCase("{ }")]
    public async Task UseLocalPolicy_MissingOrBrokenFile_ThrowsWhenResolved(string? text)
    {
        using var folder = new TemporaryFolder();
        var path = text is null ? Path.Combine(folder.Path, "p.json") : folder.Write("p.json", text);
        var services = new ServiceCollection();
        Builder(services).UseLocalPolicy(path);
        await using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<IEnforcer>, Throws.TypeOf<PolicyLoadException>());
    }

    [Test]
    public async Task UseApprover_Instance_IsAsked()
    {
        using var folder = new TemporaryFolder();
        var approver = new ManualApprover();
        approver.Answer(ApprovalAnswer.Approve("ann"));
        var services = new ServiceCollection();
        Builder(services)
            .UseApprover<NeverAsked>()
            .UseApprover(approver)
            .UseLocalPolicy(folder.Write("p.json", Allow.Replace("allow", "step_up", StringComparison.Ordinal)), options => options.ReloadOnChange = false);
        await using var provider = services.BuildServiceProvider();
        var enforcer = (LocalPolicyEnforcer)provider.GetRequiredService<IEnforcer>();
        var call = PolicyCalls.Call();

        var held = enforcer.Evaluate(call, default);
        var answer = await enforcer.GetHoldAsync(held.HoldToken!, call, default);

        Assert.That(answer.Resolution!.Type, Is.EqualTo(DecisionType.Allow));
    }

    [Test]
    public void UseLocalPolicy_OptionOutOfRange_Throws() =>
        Assert.That(
            () => Builder(new ServiceCollection()).UseLocalPolicy("p.json", options => options.MaxHolds = 0),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("MaxHolds"));

    [Test]
    public void Evaluate_CancelledToken_Throws()
    {
        using var enforcer = new LocalPolicyEnforcer(
            new FakePolicySource(Allow), null, new(), TimeProvider.System, new CollectingLogger<LocalPolicyEnforcer>());

        Assert.That(
            () => enforcer.Evaluate(PolicyCalls.Call(), new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static IThothBuilder Builder(IServiceCollection services)
    {
        var builder = Substitute.For<IThothBuilder>();
        builder.Services.Returns(services);
        return builder;
    }

    private sealed class NeverAsked : IApprover
    {
        public ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("replaced");
    }
}
