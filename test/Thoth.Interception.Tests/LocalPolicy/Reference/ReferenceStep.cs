using System.Globalization;
using System.Text;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>A step of a path: a name, an index, or neither for <c>[*]</c>.</summary>
internal sealed record ReferenceStep(string? Name, int? Index)
{
    public bool IsEach => Name is null && Index is null;

    /// <summary>Splits a valid path such as <c>args.to[*]['odd.name'][0]</c> after its <c>args</c>.</summary>
    public static IReadOnlyList<ReferenceStep> Parse(string path)
    {
        var steps = new List<ReferenceStep>();
        var rest = path["args".Length..];
        while (rest.Length > 0)
        {
            if (rest.StartsWith("['", StringComparison.Ordinal))
            {
                var name = new StringBuilder();
                var i = 2;
                for (; rest[i] != '\'' || rest[i + 1] == '\''; i++)
                {
                    name.Append(rest[i]);
                    i += rest[i] == '\'' ? 1 : 0;
                }

                steps.Add(new(name.ToString(), null));
                rest = rest[(i + 2)..];
            }
            else if (rest[0] == '[')
            {
                var end = rest.IndexOf(']', StringComparison.Ordinal);
                steps.Add(rest[1] == '*' ? new(null, null) : new(null, int.Parse(rest[1..end], CultureInfo.InvariantCulture)));
                rest = rest[(end + 1)..];
            }
            else
            {
                var end = rest.IndexOfAny(['.', '['], 1);
                end = end < 0 ? rest.Length : end;
                steps.Add(new(rest[1..end], null));
                rest = rest[end..];
            }
        }

        return steps;
    }
}
