using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NSubstitute;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Engine;
using Thoth.Interception.Tests.LocalPolicy.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.LocalPolicy;

public sealed class LocalPolicyBuilderExtensionsTests
{
    private const string Allow = """{ "rules": [{ "id": "r", "tools": "*", "decision": "allow" }] }""";

    [Test]
    public async Task UseLocalPolicy_ValidFile_ReplacesTheEnforcer()
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

    [TestCase("Development", DecisionType.Block)]
    [TestCase("Production", DecisionType.Allow)]
    public async Task UseLocalPolicy_FileInTheOutputAndInTheProject_UsesThatOfTheProjectInDevelopment(string environment, DecisionType expected)
    {
        using var project = new TemporaryFolder();
        var name = $"{Guid.NewGuid():N}.json";
        var output = Path.Combine(AppContext.BaseDirectory, name);
        project.Write(name, Allow.Replace("allow", "block", StringComparison.Ordinal));
        await File.WriteAllTextAsync(output, Allow);
        try
        {
            var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment, ContentRootPath = project.Path });
            Builder(builder.Services).UseLocalPolicy(name);
            using var host = builder.Build();

            var decision = await host.Services.GetRequiredService<IEnforcer>().EvaluateAsync(PolicyCalls.Call(), default);

            Assert.That(decision.Type, Is.EqualTo(expected));
        }
        finally
        {
            File.Delete(output);
        }
    }

    [TestCase(null)]
    [TestCase("{ }")]
    public async Task UseLocalPolicy_MissingOrInvalidFile_ThrowsWhenResolved(string? text)
    {
        using var folder = new TemporaryFolder();
        var path = text is null ? Path.Combine(folder.Path, "p.json") : folder.Write("p.json", text);
        var services = new ServiceCollection();
        Builder(services).UseLocalPolicy(path);
        await using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<IEnforcer>, Throws.TypeOf<PolicyLoadException>());
    }

    [Test]
    public async Task UseApprover_SecondApprover_ReplacesTheFirst()
    {
        using var folder = new TemporaryFolder();
        var approver = new ManualApprover();
        approver.Answer(ApprovalAnswer.Approve("ann"));
        var services = new ServiceCollection();
        Builder(services)
            .UseApprover<NeverCalled>()
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
    public async Task UseApprover_Factory_IsCalledOnceWithTheServices_AndTheContainerDisposesWhatItMade()
    {
        var services = new ServiceCollection();
        services.AddSingleton("ann");
        Builder(services).UseApprover<NeverCalled>().UseApprover(provider => new NamedApprover(provider.GetRequiredService<string>()));
        NamedApprover approver;
        await using (var provider = services.BuildServiceProvider())
        {
            approver = (NamedApprover)provider.GetServices<IApprover>().Single();

            Assert.That((approver.Name, approver.IsDisposed), Is.EqualTo(("ann", false)));
        }

        Assert.That(approver.IsDisposed, Is.True);
    }

    [Test]
    public void Use_Null_Throws()
    {
        var builder = Builder(new ServiceCollection());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => builder.UseLocalPolicy((string)null!), Throws.ArgumentNullException);
            Assert.That(() => builder.UseLocalPolicy(" "), Throws.ArgumentException);
            Assert.That(() => builder.UseLocalPolicy((Action<LocalPolicyOptions>)null!), Throws.ArgumentNullException);
            Assert.That(() => builder.UseLocalPolicy((Microsoft.Extensions.Configuration.IConfiguration)null!), Throws.ArgumentNullException);
            Assert.That(() => builder.UseApprover((IApprover)null!), Throws.ArgumentNullException);
            Assert.That(() => builder.UseApprover((Func<IServiceProvider, IApprover>)null!), Throws.ArgumentNullException);
        }
    }

    [Test]
    public void Evaluate_CancelledToken_Throws()
    {
        using var enforcer = new LocalPolicyEnforcer(
            new FakePolicySource(Allow), null, new(), TimeProvider.System, new RecordingLogger<LocalPolicyEnforcer>());

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

    private sealed class NamedApprover(string name) : IApprover, IDisposable
    {
        public string Name => name;

        public bool IsDisposed { get; private set; }

        public ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken) => new(ApprovalAnswer.Approve(name));

        public void Dispose() => IsDisposed = true;
    }

    private sealed class NeverCalled : IApprover
    {
        public ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("replaced");
    }
}
