namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>
/// The session's calls before the one under evaluation: the names that the caller recorded, and, if the enforcer counts them, how
/// often it permitted each tool.
/// </summary>
internal readonly struct EarlierCalls(IReadOnlyList<string> calls, Func<IReadOnlyDictionary<string, long>>? permittedCalls)
{
    /// <summary>Gets the number of names.</summary>
    public int Count => Math.Max(0, calls.Count - 1);

    /// <summary>Gets a name, oldest first.</summary>
    public string this[int index] => calls[index];

    /// <summary>
    /// Counts the calls of some tools. For each tool the larger number counts: the names miss calls that run in parallel, and the
    /// permitted calls miss those that another enforcer permitted.
    /// </summary>
    public long CountOf(Func<string, bool> matches)
    {
        var count = 0L;
        for (var i = 0; i < Count; i++)
        {
            count += matches(calls[i]) ? 1 : 0;
        }

        if (permittedCalls is not null)
        {
            foreach (var (tool, permitted) in permittedCalls())
            {
                count += matches(tool) ? Math.Max(0, permitted - NamesEqualTo(tool)) : 0;
            }
        }

        return count;
    }

    private int NamesEqualTo(string tool)
    {
        var count = 0;
        for (var i = 0; i < Count; i++)
        {
            count += string.Equals(calls[i], tool, StringComparison.Ordinal) ? 1 : 0;
        }

        return count;
    }
}
