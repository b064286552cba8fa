using System.Globalization;
using Spectre.Console;
using Thoth.Interception;

namespace QuickStart;

/// <summary>Prints the results of the run, from the recorded events and the agent's transcript.</summary>
internal sealed class Report(IAnsiConsole console)
{
    private readonly TableBorder _border = Console.IsOutputRedirected ? TableBorder.Ascii : TableBorder.Rounded;

    /// <summary>Creates a console whose output is also readable in a file or a pipe.</summary>
    public static IAnsiConsole OpenConsole()
    {
        if (!Console.IsOutputRedirected)
        {
            return AnsiConsole.Create(new AnsiConsoleSettings());
        }

        // By default Spectre.Console writes escape sequences on build servers, and redirected output has 80 columns.
        var plain = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        plain.Profile.Width = 120;
        return plain;
    }

    public void Introduce(Workspace workspace, RunOptions run)
    {
        console.MarkupLine("[bold]Thoth.Interception quick start[/]");
        console.MarkupLine(run.UsesApi
            ? $"An agent calls its tools; Thoth at {Markup.Escape(run.Enforcer ?? "THOTH_API_URL")} evaluates each call before it runs."
            : "An agent calls its tools; thoth.policy.json is evaluated for each call before it runs. No account, no network.");
        console.MarkupLine(run.UsesApi ? "Held calls wait for an approver there." : run.Interactive
            ? "You are the approver."
            : "The approver is scripted: it approves the first held call and denies the second; --interactive asks you.");
        console.MarkupLineInterpolated($"[grey]The tools read Markdown in {workspace.RepositoryRoot}[/]");
        console.MarkupLineInterpolated($"[grey]and write to {workspace.OutputFolder}.[/]");
        console.WriteLine();
    }

    public void PrintCalls(IReadOnlyList<CallRecord> calls)
    {
        // Six columns are not readable in 80 characters.
        console.Write(console.Profile.Width < 110 ? Narrow(calls) : Wide(calls));
        console.MarkupLine("[grey]The time includes evaluation and tool; first calls include just-in-time compilation.[/]");
    }

    public void PrintEvidence(EvidenceSink evidence, EventStatistics statistics)
    {
        console.WriteLine();
        console.MarkupLineInterpolated(
            $"[bold]Evidence[/]  {statistics.Enqueued} events in {evidence.Batches.Count} batches: {statistics.Sent} delivered, {statistics.Dropped} dropped, {statistics.Waiting} waiting.");
        var table = new Table { Border = _border };
        table.AddColumn(new TableColumn("Batch").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("Events").RightAligned().NoWrap());
        table.AddColumn("What they record");
        foreach (var (index, batch) in evidence.Batches.Index())
        {
            var calls = batch.GroupBy(e => e.Request).Select(call => call.First().Type == BehavioralEventType.SessionStarted
                ? "session start"
                : $"{Markup.Escape(call.Key.ToolName)} {string.Join("+", call.Select(e => e.Phase)).ToLowerInvariant()}");
            table.AddRow($"{index + 1}", $"{batch.Count}", string.Join(", ", calls));
        }

        console.Write(table);
        if (evidence.Events.FirstOrDefault(e => e.Decision?.Evidence.TerminalReceipt is not null) is { } held)
        {
            PrintInFull(held);
        }
    }

    public void PrintFiles(Workspace workspace)
    {
        console.WriteLine();
        console.MarkupLineInterpolated(
            $"[bold]Files that the tools wrote[/]  {workspace.OutputFolder}{(workspace.IsKept ? "" : " (removed at the end; --keep keeps it)")}");
        foreach (var file in Directory.GetFiles(workspace.OutputFolder).Order(StringComparer.Ordinal))
        {
            var lines = File.ReadAllLines(file);
            console.MarkupLineInterpolated($"  {Path.GetFileName(file),-18} [grey]{lines.Length} lines, the first: {lines[0]}[/]");
        }
    }

    /// <summary>Prints the end of a run with the Thoth API. The sample has no expectations about its decisions.</summary>
    /// <returns>The exit code.</returns>
    public int PrintDecidedByApi(int calls)
    {
        console.MarkupLineInterpolated($"[green]All {calls} calls were evaluated by Thoth.[/]");
        return 0;
    }

    /// <summary>Prints how the calls ended.</summary>
    /// <returns>The exit code: 0 only if each call ended as expected.</returns>
    public int PrintVerdict(IReadOnlyList<string> differences)
    {
        console.WriteLine();
        foreach (var difference in differences)
        {
            console.MarkupLineInterpolated($"[red]{difference}[/]");
        }

        console.MarkupLine(differences.Count == 0
            ? $"[green]All {Expectation.All.Count} calls ended as the policy says.[/]"
            : $"[red]{differences.Count} of {Expectation.All.Count} calls did not end as expected.[/]");
        return differences.Count == 0 ? 0 : 1;
    }

    private void PrintInFull(BehavioralEvent held)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        void Add(string name, string? value) => grid.AddRow($"  [grey]{name}[/]", Markup.Escape(value ?? ""));
        var decisionEvidence = held.Decision?.Evidence;
        Add("event", held.EventId);
        Add("what", $"{held.Type}, {held.OccurredAt:O}");
        Add("who", $"agent {held.Request.Context.AgentId} of {held.Request.Context.TenantId}, session {held.Request.Context.SessionId}");
        Add("call", $"{held.ToolName}({ShortArguments.Of(held.CapturedArguments)})");
        Add("decision", $"{held.Decision}, policy {decisionEvidence?.PackId} {decisionEvidence?.PackVersion}, risk {decisionEvidence?.RiskScore}");
        Add("approval", decisionEvidence?.TerminalReceipt?.GetRawText());
        console.MarkupLine("The event of the first held call in full:");
        console.Write(grid);
    }

    private Table Wide(IReadOnlyList<CallRecord> calls)
    {
        var table = new Table { Border = _border };
        table.AddColumn(new TableColumn("#").RightAligned().NoWrap());
        table.AddColumn("Tool and arguments");
        table.AddColumn(new TableColumn("Decision").NoWrap());
        table.AddColumn("What happened");
        table.AddColumn(new TableColumn("Rule").NoWrap());
        table.AddColumn(new TableColumn("Time").RightAligned().NoWrap());
        foreach (var (index, call) in calls.Index())
        {
            table.AddRow($"{index + 1}", Request(call), Verdict(call), Markup.Escape(call.WhatHappened), Markup.Escape(call.Rule), Time(call));
        }

        return table;
    }

    private Table Narrow(IReadOnlyList<CallRecord> calls)
    {
        var table = new Table { Border = _border };
        table.AddColumn("Tool and arguments");
        table.AddColumn(new TableColumn("Decision, rule, time").NoWrap());
        table.AddColumn("What happened");
        foreach (var call in calls)
        {
            table.AddRow(Request(call), $"{Verdict(call)}\n{Markup.Escape(call.Rule)}\n[grey]{Time(call)}[/]", Markup.Escape(call.WhatHappened));
        }

        return table;
    }

    private static string Request(CallRecord call) =>
        $"[bold]{Markup.Escape(call.Tool)}[/]\n[grey]{Markup.Escape(ShortArguments.Of(call.End.CapturedArguments))}[/]";

    private static string Verdict(CallRecord call) => $"[{ColorOf(call)}]{call.Verdict}[/]";

    private static string Time(CallRecord call) => string.Create(CultureInfo.InvariantCulture, $"{call.End.Duration?.TotalMilliseconds:0.0} ms");

    private static string ColorOf(CallRecord call) => call.End switch
    {
        { Phase: EventPhase.Block, Decision.Type: DecisionType.Defer } => "blue",
        { Phase: EventPhase.Block } => "red",
        { Decision.Type: DecisionType.Modify } => "yellow",
        _ => "green",
    };
}
