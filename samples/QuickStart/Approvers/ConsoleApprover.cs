using System.Text;
using Spectre.Console;
using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

namespace QuickStart;

/// <summary>Asks the person at the terminal.</summary>
internal sealed class ConsoleApprover(IAnsiConsole console) : IApprover
{
    public async ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        // The arguments that the tool will run with: modify rules may have changed those of the call.
        var arguments = Encoding.UTF8.GetString(request.ArgumentsToRun.Span);
        var details = new Grid().AddColumn().AddColumn();
        details.AddRow("[grey]Tool[/]", $"[bold]{Markup.Escape(request.ToolName)}[/]");
        details.AddRow("[grey]Arguments[/]", Markup.Escape(arguments));
        details.AddRow("[grey]Why[/]", Markup.Escape(request.Reason));
        details.AddRow("[grey]Rule[/]", Markup.Escape(string.Join(", ", request.MatchedRuleIds)));
        details.AddRow("[grey]Answer within[/]", $"{(request.ExpiresAt - request.HeldAt).TotalSeconds:0} s");
        console.WriteLine();
        console.Write(new Panel(details).Header("A call needs your approval").RoundedBorder());

        var prompt = new ConfirmationPrompt("Let it run?") { DefaultValue = false };
        var approver = Environment.UserName.Length > 0 ? Environment.UserName : "console";
        return await prompt.ShowAsync(console, cancellationToken)
            ? ApprovalAnswer.Approve(approver)
            : ApprovalAnswer.Deny(approver, "The approver at the console denied the call.");
    }
}
