namespace Thoth.Interception.LocalPolicy.Engine;

/// <summary>Counts the permitted calls of one session by tool. Its owner locks it while a verdict depends on it.</summary>
internal sealed class SessionCounts
{
    private readonly Dictionary<string, long> _byTool = new(StringComparer.Ordinal);

    public SessionCounts() => Read = () => _byTool;

    /// <summary>Gets the function that returns the counts, for evaluations.</summary>
    public Func<IReadOnlyDictionary<string, long>> Read { get; }

    public void Add(string tool, int calls) => _byTool[tool] = _byTool.GetValueOrDefault(tool) + calls;
}
