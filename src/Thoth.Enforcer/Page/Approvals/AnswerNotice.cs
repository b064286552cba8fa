using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Page.Layout;

namespace Thoth.Enforcer.Page.Approvals;

/// <summary>Tells a person what became of the answer just given.</summary>
internal static class AnswerNotice
{
    public static Html Show(AnswerOutcome outcome, HoldRow? hold)
    {
        var isRecorded = outcome == AnswerOutcome.Recorded;
        var look = !isRecorded ? "wrong" : hold?.State == HoldState.Approved ? "fine" : "";
        var words = (outcome, hold) switch
        {
            (_, null) or (AnswerOutcome.NotFound, _) => "There is no such call.",
            (AnswerOutcome.Recorded, { State: HoldState.Approved }) => $"{hold.Tool} is approved; it runs as soon as its caller asks again.",
            (AnswerOutcome.Recorded, _) => $"{hold.Tool} is denied.",
            (AnswerOutcome.Expired, _) => $"Too late: the time of {hold.Tool} is over, and it does not run.",
            (AnswerOutcome.AlreadyDecided, _) => $"{hold.Approver} was faster: {hold.Tool} was {hold.State.ToString().ToLowerInvariant()} already.",
            _ => $"The arguments of {hold.Tool} are not those that you were shown. Look at them again.",
        };
        return Html.Of($"""<p class="notice {look}" role="{(isRecorded ? "status" : "alert")}">{words}</p>""");
    }
}
