using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Page.Layout;

namespace Thoth.Enforcer.Page.Approvals;

/// <summary>Tells a person the outcome of an answer, and about which call it was.</summary>
internal static class AnswerNotice
{
    public static Html Show(AnswerOutcome outcome, HoldRow? hold, DateTimeOffset now)
    {
        var isRecorded = outcome == AnswerOutcome.Recorded;
        var style = !isRecorded ? "wrong" : hold?.State == HoldState.Approved ? "fine" : "";
        return Text(outcome, hold, hold?.StateAt(now)) is { } text
            ? Html.Of($"""<p class="notice {style}" role="{(isRecorded ? "status" : "alert")}">{text}</p>""")
            : Html.Nothing;
    }

    /// <returns><see langword="null"/> if a link names an outcome that the call does not have.</returns>
    private static Html? Text(AnswerOutcome outcome, HoldRow? hold, HoldState? state) => (outcome, state) switch
    {
        _ when hold is null || outcome == AnswerOutcome.NotFound => Html.Of($"The call does not exist."),
        (_, HoldState.Pending) when hold.IsUnreadable =>
            Html.Of($"A part of the call cannot be read, so it cannot be approved. Deny it, or let it expire."),
        (AnswerOutcome.Recorded, HoldState.Approved) =>
            Html.Of($"{hold.Tool} is approved: {HoldSummary.Of(hold)}. It runs when its caller polls again."),
        (AnswerOutcome.Recorded or AnswerOutcome.AlreadyDecided, HoldState.Refused) =>
            Html.Of($"{hold.Approver} approved {hold.Tool}, but it does not run: other calls had used up a limit of the policy ({HoldSummary.Of(hold)})."),
        (AnswerOutcome.Recorded, HoldState.Denied) => Html.Of($"{hold.Tool} is denied: {HoldSummary.Of(hold)}."),
        (AnswerOutcome.Expired, HoldState.Expired) =>
            Html.Of($"Too late: {hold.Tool} has expired and does not run ({HoldSummary.Of(hold)})."),
        (AnswerOutcome.AlreadyDecided, HoldState.Approved or HoldState.Denied) =>
            Html.Of($"{hold.Approver} was faster: {hold.Tool} was {hold.State.ToString().ToLowerInvariant()} already ({HoldSummary.Of(hold)})."),
        (AnswerOutcome.CallerGone, HoldState.CallerGone) =>
            Html.Of($"Nothing was decided: the caller of {hold.Tool} no longer asks for the response ({HoldSummary.Of(hold)})."),
        (AnswerOutcome.NotSeen, HoldState.Pending) =>
            Html.Of($"""Nothing was decided: a part of {hold.Tool} was not shown ({HoldSummary.Of(hold)}). <a href="/holds/{hold.Id}">Open the whole call</a> and approve it there."""),
        (AnswerOutcome.OtherArguments, HoldState.Pending) =>
            Html.Of($"The arguments of {hold.Tool} are not those that you were shown. Look at them again ({HoldSummary.Of(hold)})."),
        _ => null,
    };
}
