using System.Text;
using System.Text.Json;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments;

public class SensitiveArgumentTests
{
    [Test]
    public async Task Capture_ByDefault_KeepsNoArguments()
    {
        await using var host = WrappedTools.Host();

        host.Wrap((string a) => { })("value");

        Assert.That((await host.EventsAsync()).All(e => e.CapturedArguments.IsEmpty), Is.True);
    }

    [Test]
    public async Task Capture_Arguments_MasksTheSensitiveAndTheEnforcerSeesThem()
    {
        await using var host = Host();
        var tool = host.Wrap((string user, [Sensitive] string password, [Sensitive] List<int> pins, CancellationToken token, int n) => password);

        Assert.That(tool("me", "hunter2", [1, 2], default, 3), Is.EqualTo("hunter2"));

        Assert.That(host.LastArguments, Is.EqualTo("""{"user":"me","password":"hunter2","pins":[1,2],"n":3}"""));
        var captured = (await host.EventsAsync()).Select(Captured).ToArray();
        Assert.That(captured, Has.Length.EqualTo(2).And.All.EqualTo("""{"user":"me","password":"***","pins":"***","n":3}"""));
    }

    [Test]
    public async Task Capture_SensitiveArgumentsObject_MasksAllOfIt()
    {
        await using var host = Host();

        host.Wrap(([Sensitive] JsonElement arguments) => { })(WrappedTools.Json("""{"password":"hunter2"}"""));

        Assert.That(host.LastArguments, Does.Contain("hunter2"));
        Assert.That((await host.EventsAsync()).Select(Captured), Is.All.EqualTo("""{"***":"***"}"""));
    }

    [Test]
    public async Task Capture_ArgumentsThatCannotBeShown_KeepsNone()
    {
        await using var host = Host();

        Assert.Throws<PolicyViolationException>(() => host.Wrap(([Sensitive] double a) => { })(double.NaN));

        Assert.That((await host.EventsAsync()).Select(Captured), Is.All.Empty);
    }

    [Test]
    public async Task Modify_SensitiveParameter_IsBoundLikeAnyOther()
    {
        await using var host = Host();
        host.Enforcer.Decide = _ => ScriptedEnforcer.Modify("""{"password":"changed"}""");

        Assert.That(host.Wrap(([Sensitive] string password) => password)("hunter2"), Is.EqualTo("changed"));

        Assert.That((await host.EventsAsync()).Select(Captured), Is.All.EqualTo("""{"password":"***"}"""));
    }

    private static GovernedHost Host() => WrappedTools.Host(options => options.Events.Capture = EventCapture.Arguments);

    private static string Captured(BehavioralEvent e) => Encoding.UTF8.GetString(e.CapturedArguments.Span);
}
