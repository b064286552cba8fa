using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Page.Layout;

namespace Thoth.Enforcer.Page.Approvals;

/// <summary>Tells a person the outcome of an answer.</summary>
internal static class AnswerNotice
{
    public static Html Show(AnswerOutcome outcome, HoldRow? hold)
    {
        var isRecorded = outcome == AnswerOutcome.Recorded;
        var style = !isRecorded ? "wrong" : hold?.State == HoldState.Approved ? "fine" : "";
        var text = (outcome, hold) switch
        {
            (_, null) or (AnswerOutcome.NotFound, _) => "The call does not exist.",
            (AnswerOutcome.Recorded, { State: HoldState.Approved }) => $"{hold.Tool} is approved; it runs when its caller polls again.",
            (AnswerOutcome.Recorded, _) => $"{hold.Tool} is denied.",
            (AnswerOutcome.Expired, _) => $"Too late: {hold.Tool} has expired and does not run.",
            (AnswerOutcome.AlreadyDecided, _) => $"{hold.Approver} was faster: {hold.Tool} was {hold.State.ToString().ToLowerInvariant()} already.",
            _ => $"The arguments of {hold.Tool} are not those that you were shown. Look at them again.",
        };
        return Html.Of($"""<p class="notice {style}" role="{(isRecorded ? "status" : "alert")}">{text}</p>""");
    }
}
