namespace QuickStart;

/// <summary>
/// Plays the agent: it makes a fixed list of calls instead of a model's choices. It knows the tools' interfaces and nothing else, so
/// call sites look the same with and without governance.
/// </summary>
internal sealed class Agent(IDocumentTools documents, ICustomerTools customers)
{
    private readonly List<Turn> _transcript = [];

    public async Task<IReadOnlyList<Turn>> WorkAsync()
    {
        var matches = await UseAsync(
            () => documents.SearchDocsAsync("policy", limit: 3),
            found => found is [var first, ..] ? $"{found.Count} found, most in {first.Path}" : "found nothing");
        var page = matches is [var best, ..] ? best.Path : "README.md";
        var text = await UseAsync(() => documents.ReadDocAsync(page), content => $"read {content.Split('\n').Length} lines");
        await UseAsync(() => documents.ReadDocAsync("../../etc/passwd"));
        await UseAsync(() => documents.SaveSummaryAsync("summary.md", Summarize(page, text ?? "")));

        await UseAsync(() => customers.ExportContactsAsync(["name", "email", "phone", "ssn"]));
        await UseAsync(() => customers.SendEmailAsync("ada@acme.example", "Your summary", "It is in summary.md."));
        await UseAsync(() => customers.SendEmailAsync("eve@elsewhere.example", "Our contacts", "They are in contacts.csv."));

        await UseAsync(() => customers.RefundAsync("A-1001", 40));
        await UseAsync(() => customers.RefundAsync("A-1002", 250));
        await UseAsync(() => customers.RefundAsync("A-1003", 900));

        await UseAsync(() => documents.DeleteFileAsync("summary.md"));
        await UseAsync(() => documents.BuildReportAsync("2026-Q1"));
        return _transcript;
    }

    /// <summary>Works like an agent's loop: the model gets the message of an exception, and the loop continues.</summary>
    private async Task<T?> UseAsync<T>(Func<Task<T>> tool, Func<T, string>? describe = null)
        where T : class
    {
        try
        {
            var result = await tool();
            _transcript.Add(new Turn(describe?.Invoke(result) ?? result.ToString() ?? ""));
            return result;
        }
        catch (Exception e)
        {
            _transcript.Add(new Turn(e.Message));
            return null;
        }
    }

    /// <summary>Returns the first heading and the first line of prose.</summary>
    private static string Summarize(string page, string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var heading = Array.Find(lines, line => line.StartsWith('#')) ?? "# " + page;
        var prose = Array.Find(lines, line => char.IsUpper(line[0])) ?? "";
        return $"{heading}\n\n{prose}\n\nSource: {page}\n";
    }
}
