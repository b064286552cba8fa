using System.Text;

namespace Thoth.Interception.Testing;

public sealed partial class TestEnforcer
{
    /// <summary>Asserts that a tool was called, whatever became of the call.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="when">Selects calls. Default: all.</param>
    /// <returns>The newest such call.</returns>
    /// <exception cref="ThothAssertionException">No such call was recorded.</exception>
    /// <example><code>enforcer.AssertCalled("refund", call => call.Argument&lt;decimal&gt;("amount") == 250);</code></example>
    public RecordedCall AssertCalled(string tool, Func<RecordedCall, bool>? when = null) =>
        Newest(tool, null, when) ?? throw Failure($"No call of '{tool}'{Selected(when)} was recorded.");

    /// <summary>Asserts that a tool was not called.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="when">Selects calls. Default: all.</param>
    /// <exception cref="ThothAssertionException">There is such a call.</exception>
    public void AssertNotCalled(string tool, Func<RecordedCall, bool>? when = null)
    {
        if (Newest(tool, null, when) is not null)
        {
            throw Failure($"A call of '{tool}'{Selected(when)} was recorded.");
        }
    }

    /// <summary>Asserts that a tool was called, ran and returned.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="when">Selects calls. Default: all.</param>
    /// <returns>The newest such call.</returns>
    /// <exception cref="ThothAssertionException">No such call was recorded.</exception>
    public RecordedCall AssertCompleted(string tool, Func<RecordedCall, bool>? when = null) => Ended(tool, CallOutcome.Completed, when);

    /// <summary>Asserts that a call of a tool was refused, so that the tool did not run.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="when">Selects calls. Default: all.</param>
    /// <returns>The newest such call.</returns>
    /// <exception cref="ThothAssertionException">No such call was recorded.</exception>
    public RecordedCall AssertRefused(string tool, Func<RecordedCall, bool>? when = null) => Ended(tool, CallOutcome.Refused, when);

    /// <summary>Asserts that a call of a tool is held while its caller goes on.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="when">Selects calls. Default: all.</param>
    /// <returns>The newest such call.</returns>
    /// <exception cref="ThothAssertionException">No such call was recorded.</exception>
    public RecordedCall AssertHeld(string tool, Func<RecordedCall, bool>? when = null) => Ended(tool, CallOutcome.Held, when);

    /// <summary>Asserts that exactly these tools were called, in this order.</summary>
    /// <param name="tools">The names, one for each call.</param>
    /// <exception cref="ThothAssertionException">The calls are others.</exception>
    public void AssertCalls(params string[] tools)
    {
        if (!Calls.Select(static call => call.ToolName).SequenceEqual(tools, StringComparer.Ordinal))
        {
            throw Failure($"The calls are not {(tools.Length == 0 ? "none" : string.Join(", ", tools))}.");
        }
    }

    /// <summary>Asserts that the calls of a tool left exactly events of these phases, in this order.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="phases">The phases, one for each event.</param>
    /// <exception cref="ThothAssertionException">The events are others.</exception>
    /// <example><code>enforcer.AssertEvents("refund", EventPhase.Pre, EventPhase.Block);</code></example>
    public void AssertEvents(string tool, params EventPhase[] phases)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tool);
        var recorded = Events
            .Where(e => e.Type != BehavioralEventType.SessionStarted && (tool == AnyTool || e.ToolName == tool))
            .Select(static e => e.Phase)
            .ToArray();
        if (!recorded.SequenceEqual(phases))
        {
            throw Failure($"The events of '{tool}' are {ListOf(recorded)} instead of {ListOf(phases)}.");
        }
    }

    /// <summary>Returns the recorded calls, one a line, with sensitive arguments masked.</summary>
    /// <returns>The list.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        var calls = Calls;
        text.Append(calls.Count == 0 ? "No governed call was recorded." : "Recorded calls:");
        for (var i = 0; i < calls.Count; i++)
        {
            text.Append($"\n  {i + 1}. {calls[i]}");
        }

        var unmet = Array.FindAll(_rules, static rule => !rule.WasMet);
        return unmet.Length == 0 ? text.ToString()
            : text.Append($"\nRules that decided no call: {string.Join(", ", unmet.Select(static rule => rule.Text))}.").ToString();
    }

    private RecordedCall Ended(string tool, CallOutcome outcome, Func<RecordedCall, bool>? when) =>
        Newest(tool, outcome, when) ?? throw Failure($"No call of '{tool}'{Selected(when)} is {outcome.ToString().ToLowerInvariant()}.");

    private RecordedCall? Newest(string tool, CallOutcome? outcome, Func<RecordedCall, bool>? when)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tool);
        return Calls.LastOrDefault(call =>
            (tool == AnyTool || call.ToolName == tool) && (outcome is null || call.Outcome == outcome) && when?.Invoke(call) != false);
    }

    private ThothAssertionException Failure(string message) => new($"{message}\n{this}");

    private static string Selected(Func<RecordedCall, bool>? when) => when is null ? "" : " that the condition selects";

    private static string ListOf(EventPhase[] phases) => phases.Length == 0 ? "none" : string.Join(", ", phases);
}
