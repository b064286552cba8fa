namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>Counts what the cases were, so that a comparison of trivial cases fails.</summary>
internal sealed class PolicyStatistics
{
    public int Valid { get; private set; }

    public int Invalid { get; private set; }

    public int ByCondition { get; private set; }

    public Dictionary<string, int> Types { get; } = [];

    public Dictionary<string, int> Codes { get; } = [];

    public Dictionary<string, int> Operators { get; } = [];

    public Dictionary<string, int> PolicyErrors { get; } = [];

    public void Add(PolicyCase item)
    {
        if (item.PolicyError is { } error)
        {
            Invalid++;
            Count(PolicyErrors, error);
            return;
        }

        Valid++;
        ByCondition += item.FromReference!.IsByCondition ? 1 : 0;
        Count(Types, item.FromReference.Type.ToString());
        Count(Codes, item.FromReference.Code!);
        foreach (var name in item.Used)
        {
            Count(Operators, name);
        }
    }

    public override string ToString() =>
        $"{Valid} valid, {Invalid} invalid, {ByCondition} decided by a rule with a condition\n{Write(Types)}\n{Write(Codes)}\n{Write(Operators)}";

    private static string Write(Dictionary<string, int> counts) => string.Join(", ", counts.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}"));

    private static void Count(Dictionary<string, int> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;
}
