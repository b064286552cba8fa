using Thoth.Enforcer.Health;

namespace Thoth.Enforcer.Page.Layout;

/// <summary>Tells the reader of every page about the server's problems.</summary>
internal static class HealthBanner
{
    public static Html Show(EnforcerHealth health) => Html.Of(
        $"""
        <div id="health" data-live>{health.Problems().Select(static problem => Html.Of(
            $"""<p class="notice wrong" role="alert"><strong>{problem.Summary}</strong> <span class="code">{problem.Detail}</span></p>"""))}</div>
        """);
}
