namespace Thoth.Conformance;

/// <summary>Writes results as a table with a line of totals.</summary>
internal sealed class ResultTable(TextWriter output, IReadOnlyCollection<string> ids)
{
    private const string Indent = "       ";

    private readonly int _width = ids.Max(id => id.Length);
    private readonly List<CaseResult> _results = [];

    /// <summary>Gets whether no case failed and at least one passed.</summary>
    public bool IsPassed => Count(CaseOutcome.Failed) == 0 && Count(CaseOutcome.Passed) > 0;

    public void WriteHead() => output.WriteLine($"{"result",-6} {"section",-8} {"case".PadRight(_width)}  title");

    public void Write(CaseResult result)
    {
        _results.Add(result);
        output.WriteLine($"{TextOf(result.Outcome),-6} {result.Section,-8} {result.Id.PadRight(_width)}  {result.Title}");
        foreach (var line in result.Details.SelectMany(detail => detail.Split('\n')))
        {
            output.WriteLine(Indent + line.TrimEnd());
        }
    }

    public void WriteTotal() => output.WriteLine(
        $"{Count(CaseOutcome.Passed)} of {_results.Count} passed, {Count(CaseOutcome.Failed)} failed, {Count(CaseOutcome.Skipped)} skipped");

    private int Count(CaseOutcome outcome) => _results.Count(result => result.Outcome == outcome);

    private static string TextOf(CaseOutcome outcome) => outcome switch
    {
        CaseOutcome.Passed => "pass",
        CaseOutcome.Failed => "FAIL",
        _ => "skip",
    };
}
