using Thoth.Enforcer.Diagnostics;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Diagnostics;

public class LogTextTests
{
    [TestCase("refund", "refund")]
    [TestCase("größe 寿司 😀", "größe 寿司 😀")]
    [TestCase("x\r\nfatal: y", @"x\u{d}\u{a}fatal: y")]
    [TestCase("\u001b[2J", @"\u{1b}[2J")]
    [TestCase("\u0085\u2028\u2029", @"\u{85}\u{2028}\u{2029}")]
    [TestCase("a\u202eb\u200bc\ufeff", @"a\u{202e}b\u{200b}c\u{feff}")]
    [TestCase("\0\u007f", @"\u{0}\u{7f}")]
    [TestCase(@"C:\u{d}", @"C:\\u{d}")]
    [TestCase("\U000E0041", @"\u{e0041}")]
    [TestCase(null, "")]
    public void Escape_TextFromOutside_HasNoCharacterThatActs(string? text, string escaped) => Assert.That(LogText.Escape(text), Is.EqualTo(escaped));

    [Test]
    public void Escape_LongText_IsCut() => Assert.That(LogText.Escape(new string('x', 300)), Is.EqualTo(new string('x', 200) + "…"));

    [Test]
    public void Escape_HalfAPair_IsReplaced() => Assert.That(LogText.Escape("a" + (char)0xdc00), Is.EqualTo("a\ufffd"));

    [Test]
    public async Task Log_HostileToolName_StaysOnItsLine()
    {
        await using var host = await EnforcerHost.StartAsync(options => options with { MaxHolds = 1 });
        await File.WriteAllTextAsync(host.PolicyPath, """{"id":"all","rules":[{"id":"all","tools":"*","decision":"step_up","timeout_seconds":60}]}""");
        await host.RestartAsync();
        const string Tool = "x\r\nfail: forged\u001b[2J\u202e";
        var (_, hold) = await host.HoldAsync(tool: Tool);
        await host.EvaluateAsync(Tool, null);
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");
        await host.HoldAsync(tool: Tool);
        host.Time.Advance(TimeSpan.FromSeconds(60));
        await host.Log.NextAsync(3);

        foreach (var message in host.Log.Messages)
        {
            Assert.That(message.Any(char.IsControl), Is.False, message);
            Assert.That(message.Contains('\u202e'), Is.False, message);
        }

        Assert.That(host.Log.Messages.Count(message => message.Contains(@"x\u{d}\u{a}fail: forged\u{1b}[2J\u{202e}")), Is.EqualTo(5));
    }
}
