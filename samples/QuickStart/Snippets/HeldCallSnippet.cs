using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception;

namespace QuickStart.Snippets;

/// <summary>docs/holds.md: a call that is held while its caller goes on.</summary>
internal static class HeldCallSnippet
{
    public static void Configure(IServiceCollection services)
    {
        // snippet: held-configure
        services.AddThoth(options =>
        {
            options.StepUp.Mode = StepUpMode.Throw;
            options.StepUp.Timeout = TimeSpan.FromHours(8);
        });
        // end-snippet
    }

    public static async Task<string> CallAsync(IThothSessions sessions, ICustomerTools tools, string conversation, string user)
    {
        // snippet: held-call
        using var session = sessions.GetOrStart(conversation, new() { UserId = user }).Enter();
        try
        {
            return await tools.RefundAsync("A-1002", 250);
        }
        catch (StepUpRequiredException e) when (e.HeldCall is not null)
        {
            return $"A person must approve this: {e.Reason} Its id is {e.HeldCall.Id}.";
        }
        // end-snippet
    }

    public static async Task<string> ResumeAsync(
        IThothSessions sessions, IThothHolds holds, ICustomerTools tools, string conversation, string user, string id)
    {
        // snippet: held-resume
        var session = sessions.GetOrStart(conversation, new() { UserId = user });
        using var entered = session.Enter();
        if (await holds.GetAsync(id) is not { } held || held.SessionId != session.Id)
        {
            return "The call is unknown.";
        }

        if (await holds.PeekAsync(held) == HeldCallState.Pending)
        {
            return $"{held.ToolName} still waits for an approval.";
        }

        using (holds.Resume(held))
        {
            return await tools.RefundAsync("A-1002", 250);   // runs once, or throws StepUpRejectedException
        }
        // end-snippet
    }

    public static async Task<bool> AnswerAsync(IThothHolds holds, string id, string approver)
    {
        // snippet: held-answer
        return await holds.GetAsync(id) is { } held
            && await holds.ResolveAsync(held, ApprovalAnswer.Approve(approver));
        // end-snippet
    }
}
