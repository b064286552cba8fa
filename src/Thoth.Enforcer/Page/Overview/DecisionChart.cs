using Thoth.Enforcer.Page.Layout;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Page.Overview;

/// <summary>Renders decisions over time: a stacked bar for each span, and the totals.</summary>
internal static class DecisionChart
{
    private const int Height = 100;
    private const int Width = 10;

    /// <param name="counts">The decisions of each span.</param>
    /// <param name="from">The beginning of the first span.</param>
    /// <param name="spans">The number of spans, and their length.</param>
    /// <param name="ranges">Links to other lengths of time.</param>
    public static Html Show(IReadOnlyList<DecisionCount> counts, DateTimeOffset from, (int Count, TimeSpan Span) spans, Html ranges)
    {
        var max = counts.GroupBy(static count => count.From).Select(static group => group.Sum(static count => count.Count)).DefaultIfEmpty(0).Max();
        var sums = DisplayFormat.Decisions.ToDictionary(
            static decision => decision, decision => counts.Where(count => count.Decision == decision).Sum(static count => count.Count));
        var summary = string.Join(", ", sums.Select(static sum => $"{DisplayFormat.NameOf(sum.Key)} {sum.Value}"));
        return Html.Of(
            $"""
            <section class="panel" aria-label="Decisions over time">
              <div class="chart-head">
                {sums.Select(static sum => Html.Of($"""<div class="stat"><span class="number">{sum.Value}</span><span class="name"><span class="swatch {DisplayFormat.ClassOf(sum.Key)}"></span>{DisplayFormat.NameOf(sum.Key)}</span></div>"""))}
                <div class="ranges">{ranges}</div>
              </div>
              <svg class="chart" viewBox="0 0 {spans.Count * Width} {Height}" preserveAspectRatio="none" role="img" aria-label="{summary}">
                <line class="base" x1="0" y1="{Height - 0.5}" x2="{spans.Count * Width}" y2="{Height - 0.5}"/>
                {counts.GroupBy(static count => count.From).Select(group => Bar([.. group], (int)((group.Key - from) / spans.Span), max))}
              </svg>
              <div class="axis">{DisplayFormat.Time(from)}<span>most in one bar: {max}</span><span>now</span></div>
            </section>
            """);
    }

    private static Html Bar(IReadOnlyList<DecisionCount> counts, int place, long max)
    {
        var top = (double)Height;
        var parts = new List<Html>();
        foreach (var count in counts.OrderBy(static count => DisplayFormat.Decisions.IndexOf(count.Decision)))
        {
            // One decision among thousands stays visible.
            var height = Math.Max(1.5, count.Count * (Height - 4.0) / max);
            top -= height;
            parts.Add(Html.Of(
                $"""<rect class="{DisplayFormat.ClassOf(count.Decision)}" x="{(place * Width) + 1}" y="{Math.Round(top, 2)}" width="{Width - 2}" height="{Math.Round(height, 2)}"><title>{DisplayFormat.NameOf(count.Decision)}: {count.Count}</title></rect>"""));
        }

        return Html.Of($"{parts}");
    }
}
