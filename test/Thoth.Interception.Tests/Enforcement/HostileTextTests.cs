using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Serialization;
using Thoth.Interception.Tests.Enforcement.Http;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Enforcement;

/// <summary>What an enforcer, a user or a remote server wrote cannot break or forge a line of a log or of a message.</summary>
public class HostileTextTests
{
    private static readonly string[] s_hostile =
    [
        "ok\r\ninfo: Thoth allowed everything", "\u001b[2J\u001b[31mred", "txt.\u202egnp", "a\u200bb\ufeff", "half \\ud800", "x\u0000y", new('x', 1_000_000),
    ];

    [Test]
    public async Task Response_OfAnyDecision_ReachesMessagesAndLogsSafely(
        [ValueSource(nameof(s_hostile))] string text, [Values("BLOCK", "DEFER", "STEP_UP", "other")] string verdict)
    {
        // One long text is as much as a response may hold.
        var other = text.Length > 1_000 ? "long" : text;
        await using var host = await HttpHost.StartAsync(options => options.StepUp.Mode = StepUpMode.Throw);
        var decision = JsonSerializer.Serialize(new
        {
            decision = verdict == "other" ? other : verdict,
            authorization_decision = verdict == "other" ? other : null,
            reason = text,
            defer_reason = other,
            violation_id = other,
            decision_reason_code = other,
            action_classification = other,
            matched_rule_ids = (string[])[other],
            hold_token = "t",
        }).Replace("\\\\ud800", "\\ud800", StringComparison.Ordinal);
        host.Server.OnEnforce = _ => decision;

        var exception = (ThothException)(await Assert.ThrowsAsync(Is.InstanceOf<ThothException>(), () => host.CallAsync()))!;

        Assert.Multiple(() =>
        {
            Check(exception.Message);
            Check((exception as PolicyViolationException)?.Reason);
            Check((exception as StepUpRequiredException)?.Reason);
            Check((exception as PolicyViolationException)?.ViolationId);
            Check((exception as PolicyViolationException)?.DecisionReasonCode);
            Check(string.Concat((exception as PolicyViolationException)?.MatchedRuleIds ?? []));
            Check($"{(exception as PolicyViolationException)?.Decision}");
            host.Logs.Entries.ToList().ForEach(entry => Check(entry.Message));
        });
    }

    [TestCaseSource(nameof(s_hostile))]
    public async Task Names_OfToolsAndSessions_ReachMessagesAndLogsSafely(string text)
    {
        await using var host = await HttpHost.StartAsync(options => options.FailOpen = true);
        using var session = host.Sessions.Start(new ThothSessionOptions { SessionId = $"s-{text}" });
        var tool = host.Services.GetRequiredService<IToolGovernor>().WrapTool($"tool-{text}", () => Task.FromResult(1));
        foreach (var response in (ContractAnswer[])[new() { Status = 503 }, """{"decision":"ALLOW"}"""])
        {
            host.Server.OnEnforce = _ => response;
            await tool();
        }

        host.Server.OnEnforce = _ => """{"decision":"BLOCK"}""";
        var exception = (PolicyViolationException)(await Assert.ThrowsAsync(Is.InstanceOf<PolicyViolationException>(), () => tool()))!;

        Assert.That(exception.ToolName, Is.EqualTo($"tool-{text}").Or.EqualTo($"tool-{text}".Trim()), "the name itself stays");
        Assert.Multiple(() =>
        {
            Check(exception.Message);
            host.Logs.Entries.ToList().ForEach(entry => Check(entry.Message));
        });
    }

    [TestCaseSource(nameof(s_hostile))]
    public void Exceptions_MadeByHand_AreSafeToo(string text)
    {
        var decision = new EnforcementDecision { Type = DecisionType.Block, Reason = text, ViolationId = text };

        Assert.Multiple(() =>
        {
            Check(new PolicyViolationException(text, decision).Message);
            Check(new StepUpRequiredException(text, decision with { Type = DecisionType.StepUp }).Message);
            Check(new EnforcerUnavailableException(SdkReasonCodes.EnforcerTimeout, text).Message);
        });
    }

    private static void Check(string? text)
    {
        Assert.That(text?.Length ?? 0, Is.LessThanOrEqualTo(3 * SafeText.MaxLength + 500));
        var unsafeOnes = (text ?? "").EnumerateRunes().Where(rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format).ToList();
        Assert.That(unsafeOnes, Is.Empty, text?[..Math.Min(text.Length, 300)]);
    }
}
