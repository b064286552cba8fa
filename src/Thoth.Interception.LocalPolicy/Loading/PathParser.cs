using System.Globalization;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>Parses an argument path: <c>args.name</c>, <c>args.list[0]</c>, <c>args.list[*].name</c>, <c>args['odd.name']</c>.</summary>
internal static class PathParser
{
    /// <summary>The root with which every path begins.</summary>
    public const string Root = "args";

    private const string FormatHint = "Write it like args.amount, args.to[0], args.to[*].domain or args['odd.name'] ('' is a quote)";

    /// <summary>Parses a path.</summary>
    /// <param name="text">The path.</param>
    /// <param name="error">The error message; valid if the result is <see langword="null"/>.</param>
    /// <returns>The path, or <see langword="null"/> if it is malformed.</returns>
    public static ArgumentPath? TryParse(string text, out string error)
    {
        error = $"The path is malformed. {FormatHint}.";
        if (text == Root)
        {
            error = "The path has no argument name. Write one, such as args.amount.";
            return null;
        }

        if (!text.StartsWith(Root, StringComparison.Ordinal))
        {
            return null;
        }

        if (text.Any(char.IsControl))
        {
            error = "The path contains a control character. Remove it.";
            return null;
        }

        var steps = new List<PathStep>();
        var rest = text.AsSpan(Root.Length);
        while (!rest.IsEmpty)
        {
            if (ReadStep(ref rest) is not { } step)
            {
                return null;
            }

            steps.Add(step);
        }

        if (steps[0].Kind == PathStepKind.Index)
        {
            error = "Arguments have names, not indexes. Begin with a name, such as args.to[0].";
            return null;
        }

        return new([.. steps]);
    }

    private static PathStep? ReadStep(ref ReadOnlySpan<char> rest)
    {
        if (rest[0] == '.')
        {
            return ReadName(ref rest);
        }

        if (rest.StartsWith("[*]"))
        {
            rest = rest[3..];
            return new(PathStepKind.Wildcard);
        }

        return rest.StartsWith("['") ? ReadQuotedName(ref rest) : ReadIndex(ref rest);
    }

    private static PathStep? ReadName(ref ReadOnlySpan<char> rest)
    {
        var name = rest[1..];
        var end = name.IndexOfAny('.', '[');
        name = end < 0 ? name : name[..end];
        if (name.IsEmpty || name.IndexOfAny(" ]'\"*") >= 0)
        {
            return null;
        }

        rest = rest[(name.Length + 1)..];
        return new(PathStepKind.Property, name.ToString());
    }

    private static PathStep? ReadQuotedName(ref ReadOnlySpan<char> rest)
    {
        var body = rest[2..];
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] != '\'')
            {
                continue;
            }

            if (i + 1 < body.Length && body[i + 1] == '\'')
            {
                i++;
                continue;
            }

            if (i == 0 || i + 1 == body.Length || body[i + 1] != ']')
            {
                return null;
            }

            rest = body[(i + 2)..];
            return new(PathStepKind.Property, body[..i].ToString().Replace("''", "'", StringComparison.Ordinal));
        }

        return null;
    }

    private static PathStep? ReadIndex(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(']');
        if (rest[0] != '[' || end < 0
            || !int.TryParse(rest[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return null;
        }

        rest = rest[(end + 1)..];
        return new(PathStepKind.Index, Index: index);
    }
}
