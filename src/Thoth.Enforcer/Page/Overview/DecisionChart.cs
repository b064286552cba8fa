using Thoth.Enforcer.Page.Layout;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Page.Overview;

/// <summary>Decisions over time: a bar for each span, stacked by decision, and the sums in figures.</summary>
internal static class DecisionChart
{
    private const int Height = 100;
    private const int Width = 10;

    /// <param name="counts">What was decided.</param>
    /// <param name="from">The beginning of the first span.</param>
    /// <param name="spans">How many spans there are, and how long each is.</param>
    /// <param name="ranges">Links to other lengths of time.</param>
    public static Html Show(IReadOnlyList<DecisionCount> counts, DateTimeOffset from, (int Count, TimeSpan Span) spans, Html ranges)
    {
        var most = counts.GroupBy(static count => count.From).Select(static group => group.Sum(static count => count.Count)).DefaultIfEmpty(0).Max();
        var sums = Words.Decisions.ToDictionary(
            static decision => decision, decision => counts.Where(count => count.Decision == decision).Sum(static count => count.Count));
        var words = string.Join(", ", sums.Select(static sum => $"{Words.NameOf(sum.Key)} {sum.Value}"));
        return Html.Of(
            $"""
            <section class="panel" aria-label="Decisions over time">
              <div class="chart-head">
                {sums.Select(static sum => Html.Of($"""<div class="stat"><span class="number">{sum.Value}</span><span class="name"><span class="swatch {Words.ClassOf(sum.Key)}"></span>{Words.NameOf(sum.Key)}</span></div>"""))}
                <div class="ranges">{ranges}</div>
              </div>
              <svg class="chart" viewBox="0 0 {spans.Count * Width} {Height}" preserveAspectRatio="none" role="img" aria-label="{words}">
                <line class="base" x1="0" y1="{Height - 0.5}" x2="{spans.Count * Width}" y2="{Height - 0.5}"/>
                {counts.GroupBy(static count => count.From).Select(group => Bar([.. group], (int)((group.Key - from) / spans.Span), most))}
              </svg>
              <div class="axis">{Words.Time(from)}<span>most in one bar: {most}</span><span>now</span></div>
            </section>
            """);
    }

    private static Html Bar(IReadOnlyList<DecisionCount> counts, int place, long most)
    {
        var top = (double)Height;
        var parts = new List<Html>();
        foreach (var count in counts.OrderBy(static count => Words.Decisions.IndexOf(count.Decision)))
        {
            // Even one among thousands is to be seen.
            var height = Math.Max(1.5, count.Count * (Height - 4.0) / most);
            top -= height;
            parts.Add(Html.Of(
                $"""<rect class="{Words.ClassOf(count.Decision)}" x="{(place * Width) + 1}" y="{Math.Round(top, 2)}" width="{Width - 2}" height="{Math.Round(height, 2)}"><title>{Words.NameOf(count.Decision)}: {count.Count}</title></rect>"""));
        }

        return Html.Of($"{parts}");
    }
}
