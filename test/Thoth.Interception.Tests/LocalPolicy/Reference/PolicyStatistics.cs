namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>Counts what the cases are about, so that the test fails if they are trivial.</summary>
internal sealed class PolicyStatistics
{
    public int Cases { get; private set; }

    public int ByCondition { get; private set; }

    public Dictionary<string, int> Types { get; } = [];

    public Dictionary<string, int> Codes { get; } = [];

    public Dictionary<string, int> Operators { get; } = [];

    public void Add(PolicyCase item)
    {
        if (item.FromReference is not { } verdict)
        {
            return;
        }

        Cases++;
        ByCondition += verdict.IsByCondition ? 1 : 0;
        Count(Types, verdict.Type.ToString());
        Count(Codes, verdict.Code!);
        foreach (var name in item.Used)
        {
            Count(Operators, name);
        }
    }

    public override string ToString() =>
        $"{Cases} cases, {ByCondition} decided by a rule with a condition\n{Write(Types)}\n{Write(Codes)}\n{Write(Operators)}";

    private static string Write(Dictionary<string, int> counts) => string.Join(", ", counts.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}"));

    private static void Count(Dictionary<string, int> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;
}
