using System.Collections.Immutable;
using System.Globalization;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Page.Text;

namespace Thoth.Enforcer.Page.Layout;

/// <summary>Formats values for all pages.</summary>
internal static class DisplayFormat
{
    /// <summary>All decisions, from the least to the most strict.</summary>
    public static readonly ImmutableArray<string> Decisions = ["ALLOW", "MODIFY", "STEP_UP", "DEFER", "BLOCK"];

    private const int MaxBrief = 100;

    /// <summary>Formats a point in time in UTC; the page's script converts it to the reader's time zone.</summary>
    public static Html Time(DateTimeOffset at) => Html.Of(
        $"""<time datetime="{at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}">{at.UtcDateTime.ToString("MMM d HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}</time>""");

    /// <summary>Formats a decision as colored text: the color is never the only sign.</summary>
    public static Html Decision(string decision) =>
        Html.Of($"""<span class="mark {ClassOf(decision)}">{NameOf(decision)}</span>""");

    public static Html State(HoldState state) => Html.Of(
        $"""<span class="mark {(state switch { HoldState.Approved => "allow", HoldState.Denied or HoldState.Refused => "block", HoldState.Pending => "step_up", _ => "defer" })}">{NameOf(state)}</span>""");

    public static Html Risk(double? risk) => risk is { } score
        ? Html.Of($"""<span class="mark {(score >= 70 ? "block" : score >= 40 ? "step_up" : "plain")}">Risk {score}</span>""")
        : Html.Nothing;

    public static Html Session(string tenant, string session) => Html.Of(
        $"""<a class="code" href="{SessionPath(tenant, session)}" title="{session}">{Short(session)}</a>""");

    public static string SessionPath(string tenant, string session) => $"/session?tenant={Uri.EscapeDataString(tenant)}&id={Uri.EscapeDataString(session)}";

    /// <summary>Says that a part of a stored row could not be read.</summary>
    public static Html Unreadable(bool isUnreadable) =>
        isUnreadable ? Html.Of($"""<span class="mark block">Partly unreadable</span>""") : Html.Nothing;

    /// <summary>Formats a name for a table: one that is too long says how long it is.</summary>
    public static Html Brief(string? name) => OutsideText.Cut(name ?? "", MaxBrief).Text is var shown && shown.Length == name?.Length
        ? Html.Of($"{name}")
        : Html.Of($"""{shown}{(shown.Length == 0 ? Html.Nothing : Html.Of($"""<span class="cut">… {name!.Length} characters</span>"""))}""");

    /// <summary>Formats names, each apart from the others.</summary>
    public static Html List(IEnumerable<string> names) =>
        Html.Of($"{names.Select(static (name, i) => i == 0 ? Html.Of($"{name}") : Html.Of($", {name}"))}");

    /// <summary>Formats a duration: 4:05, 1:02:03.</summary>
    public static string Left(TimeSpan left) => left <= TimeSpan.Zero ? "0:00"
        : left.ToString(left.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);

    public static string NameOf(HoldState state) => state switch
    {
        HoldState.CallerGone => "Caller gone",
        HoldState.Refused => "Refused at release",
        _ => state.ToString(),
    };

    public static string NameOf(string decision) => decision switch
    {
        "ALLOW" => "Allowed",
        "BLOCK" => "Blocked",
        "STEP_UP" => "Held",
        "MODIFY" => "Modified",
        "DEFER" => "Deferred",
        _ => decision,
    };

    public static string ClassOf(string decision) => decision switch
    {
        "ALLOW" => "allow",
        "BLOCK" => "block",
        "STEP_UP" => "step_up",
        "MODIFY" => "modify",
        "DEFER" => "defer",
        _ => "plain",
    };

    private static string Short(string id) => id.Length <= 18 ? id : $"{Start(id, 8)}…{End(id, 6)}";

    private static string Start(string id, int length) => id[..(char.IsHighSurrogate(id[length - 1]) ? length - 1 : length)];

    private static string End(string id, int length) => id[^(char.IsLowSurrogate(id[^length]) ? length - 1 : length)..];
}
