using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Page.Layout;
using Thoth.Enforcer.Serialization;
using Thoth.Enforcer.Storage;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer.Page.Overview;

/// <summary>The page of the loaded policy, and how often each rule took part in a decision.</summary>
internal sealed class PolicyPage(PageLayout layout, PolicyEngine engine, Activity activity, EnforcerOptions options, TimeProvider time)
{
    private const int Days = 7;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/policy", (HttpContext context, PolicyPage page) => page.Show(context));

    private IResult Show(HttpContext context)
    {
        var policy = engine.Policy;
        var hits = activity.RuleHits(time.GetUtcNow().AddDays(-Days));
        var max = hits.Values.DefaultIfEmpty(0).Max();
        return layout.Show(context, new PageView
        {
            Path = "/policy",
            Title = "Policy",
            Listen = "activity",
            IsWide = true,
            Body = Html.Of(
                $"""
                <div class="title"><h1>{policy.Id ?? "Policy"}</h1><p class="muted" id="version" data-live>{(policy.Version is null ? Html.Nothing : Html.Of($"version {policy.Version} · "))}{policy.Rules.Count} rules · hits of {Days} days</p></div>
                <p class="muted code">{options.PolicyPath}</p>
                <div class="rows stack more" id="rules" data-live>
                  <table>
                    <thead><tr><th scope="col">Rule</th><th scope="col">Tools</th><th scope="col">Decision</th><th scope="col">Reason</th><th scope="col" class="number">Hits</th><th scope="col"><span class="unseen">Share</span></th></tr></thead>
                    <tbody>{policy.Rules.Select(rule => Row(rule, hits.GetValueOrDefault(rule.Id), max))}</tbody>
                  </table>
                </div>
                <p class="muted more">The strictest matching rule decides. A call that matches no rule is blocked.</p>
                """),
        });
    }

    private static Html Row(LoadedRule rule, long hits, long max)
    {
        var share = max == 0 ? 0 : Math.Round(100.0 * hits / max, 1);
        return Html.Of(
            $"""
            <tr><td class="code">{rule.Id}</td><td class="code">{DisplayFormat.List(rule.Tools)}</td>
            <td>{DisplayFormat.Decision(WireNames.Of(rule.Decision.Type))} {DisplayFormat.Risk(rule.Decision.Evidence.RiskScore)}</td><td>{rule.Decision.Reason}</td><td class="number">{hits}</td>
            <td><svg class="hits" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/><rect class="value" width="{share}" height="8"/></svg></td></tr>
            """);
    }
}
