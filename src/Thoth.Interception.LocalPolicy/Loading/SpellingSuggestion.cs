namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>Suggests the correct spelling of an unknown name.</summary>
internal static class SpellingSuggestion
{
    /// <summary>Suggests the nearest known name, or lists all if none is near.</summary>
    public static string Suggest(string name, string[] known) =>
        Nearest(name, known) is { } nearest ? $"Did you mean '{nearest}'?" : $"Use one of {string.Join(", ", known)}.";

    /// <summary>
    /// Gets whether the object has an unknown key for which this key is suggested. That the key is missing is then no second error.
    /// </summary>
    public static bool IsMisspelt(PolicyNode node, string key, string[] known) =>
        node.Members.Exists(member => !known.Contains(member.Name, StringComparer.Ordinal) && Nearest(member.Name, known) == key);

    private static string? Nearest(string name, string[] known)
    {
        // A name of another length is far from all, however long it takes to compute how far.
        var near = known.Where(candidate => Math.Abs(candidate.Length - name.Length) <= Limit(candidate)).ToArray();
        return near.MinBy(candidate => Distance(name, candidate)) is { } nearest && Distance(name, nearest) <= Limit(nearest) ? nearest : null;
    }

    private static int Limit(string candidate) => Math.Max(1, candidate.Length / 3);

    /// <summary>Computes the Levenshtein distance, ignoring case.</summary>
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                current[j] = Math.Min(previous[j - 1] + (same ? 0 : 1), Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
