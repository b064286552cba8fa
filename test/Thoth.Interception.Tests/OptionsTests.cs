using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests;

public class OptionsTests
{
    private readonly RecordingLogger<ThothOptionsSetup> _log = new();

    [Test]
    public void Precedence_IsDefaultThenConfigurationThenEnvironmentThenDelegate()
    {
        var options = Resolve(
            o => o.Purpose = "delegate",
            environment: new() { ["THOTH_PURPOSE"] = "environment", ["THOTH_USER_ID"] = "environment" },
            configuration: new() { ["Thoth:Purpose"] = "file", ["Thoth:UserId"] = "file", ["Thoth:SessionIntent"] = "file" });

        Assert.That(
            (options.Purpose, options.UserId, options.SessionIntent, options.Environment),
            Is.EqualTo(("delegate", "environment", "file", "prod")));
    }

    [Test]
    public void Delegate_ConfiguredBeforeAddThoth_WinsOverTheEnvironment()
    {
        var services = new ServiceCollection();
        services.Configure<ThothOptions>(o => (o.TenantId, o.AgentId, o.FailOpen) = ("t", "a", false));
        services.AddSingleton(new ThothEnvironment(name => name == "THOTH_FAIL_OPEN" ? "true" : null));
        services.AddThoth();
        using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<IOptions<ThothOptions>>().Value.FailOpen, Is.False);
    }

    [Test]
    public void Environment_IsTrimmed_BlankCountsAsUnset_AndTheLongNameWins()
    {
        var options = Resolve(environment: new()
        {
            ["THOTH_TENANT_ID"] = " acme ",
            ["THOTH_USER_ID"] = "  ",
            ["THOTH_ENV"] = "Staging",
            ["THOTH_ENVIRONMENT"] = "Development",
            ["THOTH_ENFORCEMENT_MODE"] = "step_up",
            ["THOTH_ENFORCEMENT"] = "observe",
            ["THOTH_APPROVED_SCOPE"] = " search , ,read ",
            ["THOTH_TASK_CONTEXT_JSON"] = """{"initiated_by":"ada","task_id":"7","chain":["planner"]}""",
        });

        Assert.That((options.TenantId, options.UserId, options.Environment), Is.EqualTo(("acme", "system", "development")));
        Assert.That(options.Enforcement, Is.EqualTo(EnforcementMode.StepUp));
        Assert.That(options.ApprovedScope, Is.EqualTo(["search", "read"]));
        Assert.That(
            (options.TaskContext!.InitiatedBy, options.TaskContext.TaskId, options.TaskContext.Chain.Single()),
            Is.EqualTo(("ada", "7", "planner")));
    }

    [TestCase("1", true), TestCase("T", true), TestCase("TRUE", true), TestCase("yes", true), TestCase("on", true)]
    [TestCase("0", false), TestCase("f", false), TestCase("False", false), TestCase("no", false), TestCase("off", false)]
    public void FailOpen_ReadsEverySpelling(string value, bool expected)
    {
        Assert.That(Resolve(environment: new() { ["THOTH_FAIL_OPEN"] = value }).FailOpen, Is.EqualTo(expected));
        Assert.That(_log.Messages, Is.Empty);
    }

    [Test]
    public void FailOpen_AnythingElse_IsFalseWithAWarning()
    {
        Assert.That(Resolve(environment: new() { ["THOTH_FAIL_OPEN"] = "maybe" }).FailOpen, Is.False);
        Assert.That(_log.Messages, Has.Exactly(1).StartsWith("THOTH_FAIL_OPEN is not a Boolean"));
    }

    [Test]
    public void ShadowMode_IsObserveWithAWarning()
    {
        var options = Resolve(environment: new() { ["THOTH_ENFORCEMENT_MODE"] = "Shadow" });

        Assert.That(options.Enforcement, Is.EqualTo(EnforcementMode.Observe));
        Assert.That(_log.Messages, Has.Exactly(1).Contains("'shadow' is deprecated; 'observe' is used"));
    }

    [Test]
    public void Configuration_ReadsModesAsWritten_AndNestedOptions()
    {
        var options = Resolve(configuration: new()
        {
            ["Thoth:Enforcement"] = "step_up",
            ["Thoth:StepUp:Timeout"] = "00:02:00",
            ["Thoth:StepUp:Mode"] = "Throw",
            ["Thoth:Events:BatchSize"] = "50",
            ["Thoth:ApprovedScope:0"] = "search",
        });

        Assert.That((options.Enforcement, options.StepUp.Mode, options.StepUp.Timeout), Is.EqualTo((EnforcementMode.StepUp, StepUpMode.Throw, TimeSpan.FromMinutes(2))));
        Assert.That((options.Events.BatchSize, options.ApprovedScope.Single()), Is.EqualTo((50, "search")));
    }

    [Test]
    public void Configuration_UnknownKey_IsAnError() =>
        Assert.That(
            () => Resolve(configuration: new() { ["Thoth:Enforcment"] = "block" }),
            Throws.InvalidOperationException.With.Message.Contains("Enforcment"));

    [TestCase("LocalPolicy"), TestCase("sqliteoutbox")]
    public void Configuration_SectionThatNoPackageBinds_IsAnUnknownKey(string section) =>
        Assert.That(
            () => Resolve(configuration: new() { [$"Thoth:{section}:Path"] = "p", ["Thoth:Purpose"] = "x" }),
            Throws.InvalidOperationException.With.Message.Contains(section));

    [Test]
    public void Configuration_SectionThatAPackageBinds_IsNotAnUnknownKey()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Thoth:LocalPolicy:Json"] = "{}", ["Thoth:Purpose"] = "x", ["Thoth:TenantId"] = "t", ["Thoth:AgentId"] = "a" })
            .Build();
        var services = new ServiceCollection();
        services.AddThoth(configuration).UseLocalPolicy(configuration);
        using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<IOptions<ThothOptions>>().Value.Purpose, Is.EqualTo("x"));
    }

    [Test]
    public void Configuration_BindsDictionaries()
    {
        var options = Resolve(configuration: new()
        {
            ["Thoth:AuthContext:principal"] = "ada",
            ["Thoth:DelegationContext:from"] = "bob",
            ["Thoth:RequestMetadata:region"] = "eu",
            ["Thoth:PolicyContext:tier"] = "gold",
            ["Thoth:IdentityBinding:assurance"] = "mfa",
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(options.AuthContext, Is.EqualTo(new Dictionary<string, object?> { ["principal"] = "ada" }));
            Assert.That(options.DelegationContext, Is.EqualTo(new Dictionary<string, object?> { ["from"] = "bob" }));
            Assert.That(options.RequestMetadata, Is.EqualTo(new Dictionary<string, object?> { ["region"] = "eu" }));
            Assert.That(options.PolicyContext, Is.EqualTo(new Dictionary<string, object?> { ["tier"] = "gold" }));
            Assert.That(options.IdentityBinding, Is.EqualTo(new Dictionary<string, string> { ["assurance"] = "mfa" }));
        }
    }

    [Test]
    public void Environment_ReplacesAConfiguredDictionary_AndADelegateAddsToIt()
    {
        var options = Resolve(
            o => o.AuthContext["role"] = "clerk",
            environment: new() { ["THOTH_AUTH_CONTEXT_JSON"] = """{"principal":"ada"}""" },
            configuration: new() { ["Thoth:AuthContext:principal"] = "bob", ["Thoth:AuthContext:old"] = "x" });

        Assert.That(options.AuthContext.Select(member => $"{member.Key}={member.Value}"), Is.EquivalentTo(["principal=ada", "role=clerk"]));
    }

    [TestCase("THOTH_ENFORCEMENT_MODE", "blok", "Set THOTH_ENFORCEMENT_MODE to observe, step_up, block or progressive")]
    [TestCase("THOTH_TASK_CONTEXT_JSON", "[1]", "THOTH_TASK_CONTEXT_JSON is not a JSON object")]
    [TestCase("THOTH_TASK_CONTEXT_JSON", "{\"task\":1}", "THOTH_TASK_CONTEXT_JSON is not a JSON object")]
    public void Environment_Malformed_IsAnError(string variable, string value, string message) =>
        Assert.That(
            () => Resolve(environment: new() { [variable] = value }),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains(message));

    [TestCase(nameof(ThothOptions.TenantId), "The tenant id is blank")]
    [TestCase(nameof(ThothOptions.AgentId), "The agent id is blank")]
    [TestCase("Mode", "ThothOptions.Enforcement has an undefined value")]
    [TestCase("PollInterval", "PollInterval")]
    [TestCase("Timeout", "Timeout")]
    [TestCase("QueueCapacity", "QueueCapacity")]
    [TestCase("BatchSize", "BatchSize")]
    public void Options_OutOfRange_AreAnError(string option, string message)
    {
        void Break(ThothOptions o) => _ = option switch
        {
            nameof(ThothOptions.TenantId) => o.TenantId = "  ",
            nameof(ThothOptions.AgentId) => o.AgentId = "",
            "Mode" => (o.Enforcement = (EnforcementMode)99).ToString(),
            "PollInterval" => (o.StepUp.PollInterval = TimeSpan.Zero).ToString(),
            "Timeout" => (o.StepUp.Timeout = TimeSpan.FromSeconds(-1)).ToString(),
            "QueueCapacity" => (o.Events.QueueCapacity = 0).ToString(),
            _ => (o.Events.BatchSize = 501).ToString(),
        };

        Assert.That(() => Resolve(Break), Throws.TypeOf<OptionsValidationException>().With.Message.Contains(message));
    }

    [Test]
    public async Task Host_WithoutAnEnforcer_FailsAtStart_AndSaysTheWayOut()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddThoth(o => (o.TenantId, o.AgentId) = ("t", "a"));
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(exception!.Message, Does.Contain("UseLocalPolicy").And.Contain("UseEnforcer"));
    }

    [Test]
    public async Task Host_WithBlankIdentity_FailsAtStart()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddThoth().UseEnforcer(new ScriptedEnforcer());
        using var host = builder.Build();

        Assert.That(await Assert.CatchAsync(() => host.StartAsync()), Has.Message.Contains("tenant id is blank"));
    }

    [Test]
    public async Task Host_Stopping_DeliversWhatIsQueued()
    {
        var sink = new InMemoryEventSink();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddGovernedTools<SmallTools.ISmallTools, SmallTools>();
        builder.Services.AddThoth(o => (o.TenantId, o.AgentId) = ("t", "a")).UseEnforcer(new ScriptedEnforcer()).AddEventSink(sink);
        using var host = builder.Build();
        await host.StartAsync();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            scope.ServiceProvider.GetRequiredService<SmallTools.ISmallTools>().Ping();
        }

        await host.StopAsync();

        Assert.That(sink.Events, Has.Count.EqualTo(2));
    }

    [Test]
    public void AddThoth_CalledAgain_KeepsWhatIsThere_AndAddsConfiguration()
    {
        var services = new ServiceCollection();
        services.AddThoth(o => o.TenantId = "t");
        var count = services.Count;
        services.AddThoth();

        Assert.That(services, Has.Count.EqualTo(count));
        services.AddThoth(o => o.AgentId = "a");
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<ThothOptions>>().Value;
        Assert.That((options.TenantId, options.AgentId), Is.EqualTo(("t", "a")));
    }

    private ThothOptions Resolve(
        Action<ThothOptions>? configure = null, Dictionary<string, string?>? environment = null, Dictionary<string, string?>? configuration = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILogger<ThothOptionsSetup>>(_log);
        services.AddSingleton(new ThothEnvironment(name => (environment ?? []).GetValueOrDefault(name)));
        services.AddThoth(new ConfigurationBuilder().AddInMemoryCollection(configuration ?? []).Build());
        services.AddThoth(o =>
        {
            o.TenantId = o.TenantId.Length == 0 ? "t" : o.TenantId;
            o.AgentId = "a";
            configure?.Invoke(o);
        });
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<ThothOptions>>().Value;
    }

    public sealed class SmallTools : SmallTools.ISmallTools
    {
        public interface ISmallTools
        {
            void Ping();
        }

        public void Ping()
        {
        }
    }
}
