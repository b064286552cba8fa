using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Pipeline;

/// <summary>Contract §7.4: at Debug and above, and in what our exceptions say, there is no argument, result, token or reason.</summary>
public class NoSecretLeavesTests
{
    private const string Argument = "ARGUMENT-SECRET";
    private const string Token = "HOLD-SECRET";
    private const string Reason = "REASON-SECRET";
    private const string Result = "RESULT-SECRET";
    private const string Changed = "CHANGED-SECRET";

    private static IEnumerable<TestCaseData> Outcomes()
    {
        yield return Case("allow", _ => ScriptedEnforcer.Allow with { Reason = Reason });
        yield return Case("block", _ => new() { Type = DecisionType.Block, Reason = Reason });
        yield return Case("modify", _ => ScriptedEnforcer.Modify($$"""{"value":"{{Changed}}","picture":null}""") with { ModificationReason = Reason });
        yield return Case("modify not applicable", _ => ScriptedEnforcer.Modify($$"""{"{{Changed}}":"{{Changed}}"}""") with { Reason = Reason });
        yield return Case("defer", _ => new() { Type = DecisionType.Defer, DeferReason = Reason });
        yield return Case("held", _ => new() { Type = DecisionType.StepUp, HoldToken = Token, Reason = Reason });
        yield return Case("held without a usable token", _ => new() { Type = DecisionType.StepUp, HoldToken = Token + "\n", Reason = Reason });
        yield return Case("mismatch", _ => new() { Type = DecisionType.Allow, ActionAttestationId = Token });
        yield return Case("unknown", _ => new() { Type = (DecisionType)99, Reason = Reason });
        yield return Case("unavailable", _ => throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerTimeout, Reason));
        yield return Case("enforcer bug", _ => throw new FormatException(Argument));

        static TestCaseData Case(string name, Func<EnforcementRequest, EnforcementDecision> decide) => new TestCaseData(decide).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Outcomes))]
    public async Task Logs_AtDebugAndAbove_HoldNoSecret(Func<EnforcementRequest, EnforcementDecision> decide)
    {
        var (log, _) = await RunAsync(decide, Argument, failOpen: false, StepUpMode.Wait);
        AssertClean(log);
        (log, _) = await RunAsync(decide, Argument, failOpen: true, StepUpMode.Throw);
        AssertClean(log);
    }

    [TestCaseSource(nameof(Outcomes))]
    public async Task Exceptions_InTheirMessages_HoldNoArgumentAndNoToken(Func<EnforcementRequest, EnforcementDecision> decide)
    {
        foreach (var mode in Enum.GetValues<StepUpMode>())
        {
            var (_, exception) = await RunAsync(decide, Argument, failOpen: false, mode);

            // An enforcer's own exception is kept as the cause, for the log of who wrote it; what it says is its author's.
            var said = exception is ThothException { InnerException: FormatException } ? exception.Message : exception?.ToString();
            Assert.That(said ?? "", Does.Not.Contain(Argument).And.Not.Contain(Token).And.Not.Contain(Changed));
        }
    }

    [Test]
    public async Task ArgumentsThatCannotBeShown_AreInNoLogAndNoException()
    {
        var (log, exception) = await RunAsync(_ => ScriptedEnforcer.Allow, new Unshowable(), failOpen: true, StepUpMode.Wait);

        AssertClean(log);
        Assert.That(exception, Is.TypeOf<PolicyViolationException>());
        Assert.That(exception!.ToString(), Does.Not.Contain(Argument));
    }

    [Test]
    public async Task FailOpen_LogsAWarningWithoutTheReason()
    {
        var (log, exception) = await RunAsync(
            _ => throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerTimeout, Reason), Argument, failOpen: true, StepUpMode.Wait);

        Assert.That(exception, Is.Null);
        Assert.That(log, Does.Contain("Warning").And.Contain("fail-open").And.Contain(SdkReasonCodes.EnforcerTimeout));
    }

    [Test]
    public async Task ToolThatFails_LogsNothingOfItsMessage()
    {
        var logger = new RecordingLogger(LogLevel.Debug);
        await using var host = Host(logger, false, StepUpMode.Wait);

        Assert.Throws<FormatException>(() => host.Wrap((string value) => { throw new FormatException(value); })(Argument));

        AssertClean(logger.Text);
    }

    private static async Task<(string Log, Exception? Exception)> RunAsync(
        Func<EnforcementRequest, EnforcementDecision> decide, object argument, bool failOpen, StepUpMode mode)
    {
        var logger = new RecordingLogger(LogLevel.Debug);
        await using var host = Host(logger, failOpen, mode);
        host.Enforcer.Decide = decide;
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(new() { Type = DecisionType.Block, Reason = Reason }));
        try
        {
            await host.Wrap((object value, string? picture = null) => Task.FromResult(Result))(argument);
            await host.EventsAsync();
            return (logger.Text, null);
        }
        catch (ThothException exception)
        {
            await host.EventsAsync();
            return (logger.Text, exception);
        }
    }

    private static GovernedHost Host(RecordingLogger logger, bool failOpen, StepUpMode mode) => GovernedHost.Create(
        services =>
        {
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logger));
            services.AddSingleton<IEventSink, LoggerEventSink>();
        },
        options =>
        {
            options.FailOpen = failOpen;
            options.StepUp.Mode = mode;
            options.Events.Capture = EventCapture.Arguments;
        });

    private static void AssertClean(string log)
    {
        Assert.That(log, Is.Not.Empty);
        foreach (var secret in (string[])[Argument, Token, Reason, Result, Changed])
        {
            Assert.That(log, Does.Not.Contain(secret));
        }
    }

    private sealed class Unshowable
    {
        public string Value => throw new FormatException(Argument);
    }
}
