using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy;

public class LocalPolicyOptionsTests
{
    private const string Allow = """{ "rules": [{ "id": "r", "tools": "*", "decision": "allow" }] }""";

    [Test]
    public void Json_IsThePolicy() =>
        Assert.That(Decide(thoth => thoth.UseLocalPolicy(policy => policy.Json = Allow)), Is.EqualTo(DecisionType.Allow));

    [Test]
    public void Json_Broken_IsAPolicyLoadException()
    {
        var error = Assert.Throws<PolicyLoadException>(() => Decide(thoth => thoth.UseLocalPolicy(policy => policy.Json = "{ }")));

        Assert.That(error!.Message, Does.StartWith("LocalPolicyOptions.Json(1,1): The policy has no 'rules'"));
    }

    [Test]
    public void Configuration_Root_ThothSection_AndOwnSection_AreRead([Values("", "Thoth", "Thoth:LocalPolicy")] string section)
    {
        var root = Configuration(("Thoth:LocalPolicy:Json", Allow), ("Thoth:LocalPolicy:MaxHolds", "5"), ("Thoth:LocalPolicy:HoldLifetime", "00:10:00"));
        var services = new ServiceCollection();
        Thoth(services).UseLocalPolicy(section.Length == 0 ? root : root.GetSection(section));
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<LocalPolicyOptions>>().Value;

        Assert.That((options.Json, options.MaxHolds, options.HoldLifetime), Is.EqualTo((Allow, 5, TimeSpan.FromMinutes(10))));
    }

    [Test]
    public void Configuration_UnknownKey_IsAnError() => Assert.That(
        () => Decide(thoth => thoth.UseLocalPolicy(Configuration(("Thoth:LocalPolicy:Json", Allow), ("Thoth:LocalPolicy:MaxHold", "5")))),
        Throws.InvalidOperationException.With.Message.Contains("MaxHold"));

    [Test]
    public void Configuration_OfThothWithASectionOfThePolicy_IsNoUnknownKeyOfTheCore()
    {
        var configuration = Configuration(("Thoth:TenantId", "t"), ("Thoth:AgentId", "a"), ("Thoth:LocalPolicy:Json", Allow));
        var services = new ServiceCollection();
        services.AddThoth(configuration).UseLocalPolicy(configuration);
        using var provider = services.BuildServiceProvider();

        Assert.That(
            (provider.GetRequiredService<IOptions<ThothOptions>>().Value.TenantId, provider.GetRequiredService<IEnforcer>().GetType().Name),
            Is.EqualTo(("t", "LocalPolicyEnforcer")));
    }

    [Test]
    public void LaterCalls_AddToTheOptions_AndTheLastValueCounts()
    {
        var services = new ServiceCollection();
        Thoth(services).UseLocalPolicy("a.json", policy => policy.MaxHolds = 5).UseLocalPolicy("b.json");
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<LocalPolicyOptions>>().Value;

        Assert.That((options.Path, options.MaxHolds), Is.EqualTo(("b.json", 5)));
    }

    [Test]
    public void Validation_NamesTheOption_AndWhatToDo()
    {
        (Action<LocalPolicyOptions> Break, string Message)[] cases =
        [
            (policy => policy.Json = " ", "No policy is set. Set LocalPolicyOptions.Path, LocalPolicyOptions.Json"),
            (policy => (policy.Json, policy.Path) = (Allow, "p.json"), "LocalPolicyOptions.Path and LocalPolicyOptions.Json are both set. Set one of them to null."),
            (policy => (policy.Json, policy.MaxHolds) = (Allow, 0), "MaxHolds must be between 1 and 1000000"),
            (policy => (policy.Json, policy.ReloadDelay) = (Allow, TimeSpan.FromMinutes(2)), "ReloadDelay must be between"),
            (policy => (policy.Json, policy.HoldLifetime) = (Allow, TimeSpan.Zero), "HoldLifetime must be between"),
        ];

        using (Assert.EnterMultipleScope())
        {
            foreach (var (breakIt, message) in cases)
            {
                Assert.That(
                    () => Decide(thoth => thoth.UseLocalPolicy(breakIt)), Throws.TypeOf<OptionsValidationException>().With.Message.Contains(message));
            }
        }
    }

    [Test]
    public async Task Host_WithAnInvalidOption_FailsAtStart()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        Thoth(builder.Services).UseLocalPolicy("p.json", policy => policy.MaxHolds = 0);
        using var host = builder.Build();

        Assert.That(await Assert.CatchAsync(() => host.StartAsync()), Is.TypeOf<OptionsValidationException>().With.Message.Contains("MaxHolds"));
    }

    [Test]
    public async Task Host_WithAnInvalidOptionOfAReplacedPolicy_Starts()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        Thoth(builder.Services).UseLocalPolicy("p.json", policy => policy.MaxHolds = 0).UseEnforcer(new Tests.Support.ScriptedEnforcer());
        using var host = builder.Build();

        Assert.That(() => host.StartAsync(), Throws.Nothing);
        await host.StopAsync();
    }

    private static DecisionType Decide(Action<IThothBuilder> use)
    {
        var services = new ServiceCollection();
        use(Thoth(services));
        using var provider = services.BuildServiceProvider();
        return ((ISynchronousEnforcer)provider.GetRequiredService<IEnforcer>()).Evaluate(PolicyCalls.Call(), default).Type;
    }

    private static IThothBuilder Thoth(IServiceCollection services) => services.AddThoth(options => (options.TenantId, options.AgentId) = ("t", "a"));

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(value => value.Key, value => (string?)value.Value)).Build();
}
