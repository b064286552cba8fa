using System.Globalization;
using Microsoft.Data.Sqlite;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Serialization;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Api;

/// <summary>Describes what became of a call after its decision, as an explanation tells it.</summary>
/// <param name="Answer">A sentence about the approver's answer, after a blank; empty without one.</param>
/// <param name="Next">What the caller should do.</param>
/// <param name="Impact">Whether the tool ran.</param>
internal sealed record CallOutcome(string Answer, string Next, string Impact)
{
    private const string NotRun = "The tool has not run; nothing has changed.";
    private const string DoNotRepeat =
        "Do not repeat the call. Choose another approach, or ask the owner of the policy for a rule that allows the call.";

    public static CallOutcome Of(SqliteConnection connection, DecisionRow row, DateTimeOffset now)
    {
        var hold = row.Hold is null ? null : HoldTable.Find(connection, row.Hold);
        var answer = hold?.State switch
        {
            HoldState.Approved => $" {hold.Approver} approved the call.",
            HoldState.Refused => $" {hold.Approver} approved the call, but when the approval released it, other calls had used up a limit of the policy.",
            HoldState.Denied => $" {hold.Approver} denied the call.",
            HoldState.Expired => " No approver decided in time.",
            _ => "",
        };
        var ranAt = hold?.RanAt ?? (row.Action is null ? null : EventTable.RanAt(connection, row.Tenant, row.Session, row.Tool, row.Action));
        if (ranAt is { } time)
        {
            return new(answer, "Nothing: the call has run.", $"The tool ran at {time.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}.");
        }

        return row.Mode == WireNames.Of(EnforcementMode.Observe)
            ? new(answer, "Nothing: in observe mode the decision is only recorded.", "None: in observe mode the call may run whatever the decision is.")
            : row.Decision switch
            {
                "ALLOW" or "MODIFY" => new(answer, "Nothing: the call may run.", "None: the call may run."),
                "DEFER" => new(answer, "Try again later.", NotRun),
                "STEP_UP" => OfHold(answer, hold, now),
                _ => new(answer, DoNotRepeat, NotRun),
            };
    }

    private static CallOutcome OfHold(string answer, HoldRow? hold, DateTimeOffset now) => hold?.StateAt(now) switch
    {
        HoldState.Approved when hold.DeliveredAt is not null =>
            new(answer, "Nothing: the call may run.", "The approval was sent to the caller. The tool may have run; no event shows it yet."),
        HoldState.Approved when now < hold.ExpiresAt => new(answer, "Poll the held call: it may run.", "The tool has not run yet; it may run."),
        HoldState.Approved or HoldState.Expired => new(answer, "Call the tool again if it is still needed, and wait for the decision.", NotRun),
        HoldState.Denied or HoldState.Refused => new(answer, DoNotRepeat, NotRun),
        _ => new(answer, "Ask an approver to decide the held call, and wait for the decision.", NotRun),
    };
}
