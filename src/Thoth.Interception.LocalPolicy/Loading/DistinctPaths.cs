using System.Globalization;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>Reports a path that comes twice in one object or list, in the same or in another spelling.</summary>
/// <param name="text">The text, which collects the errors.</param>
/// <param name="use">What a path is written for, in the message.</param>
internal sealed class DistinctPaths(PolicyText text, string use)
{
    private readonly Dictionary<string, string> _spellings = new(StringComparer.Ordinal);

    /// <summary>Adds a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="spelling">How the policy writes it.</param>
    /// <param name="offset">The offset of an error.</param>
    /// <param name="place">The place of an error.</param>
    /// <param name="inList">Whether the paths are a list; the parser reports the same key of an object itself.</param>
    public void Add(ArgumentPath path, string spelling, int offset, PolicyPlace place, bool inList = false)
    {
        if (_spellings.TryAdd(KeyOf(path), spelling))
        {
            return;
        }

        var first = _spellings[KeyOf(path)];
        if (first != spelling)
        {
            text.Report(offset, place, $"This is the path '{PolicyText.Shown(first)}' in another spelling. Write one {use} for both.");
        }
        else if (inList)
        {
            text.Report(offset, place, $"'{PolicyText.Shown(spelling)}' is in the list already. Remove one.");
        }
    }

    /// <summary>Makes a text that is equal for equal paths. No name has a control character, so a NUL separates them.</summary>
    private static string KeyOf(ArgumentPath path) => string.Concat(path.Steps.Select(static step => step.Kind switch
    {
        PathStepKind.Property => $"\0.{step.Name}",
        PathStepKind.Index => string.Create(CultureInfo.InvariantCulture, $"\0[{step.Index}"),
        _ => "\0*",
    }));
}
