using System.Diagnostics;
using System.Globalization;

namespace Thoth.Interception.Tests.Stress;

/// <summary>All that code can see of where it runs, apart from its arguments.</summary>
/// <param name="Where">Which code looked.</param>
/// <param name="Value">An ambient value.</param>
/// <param name="Culture">The culture.</param>
/// <param name="UICulture">The culture of texts.</param>
/// <param name="Activity">The current activity.</param>
/// <param name="Context">The synchronization context.</param>
/// <param name="Scheduler">The task scheduler.</param>
/// <param name="Thread">The thread's name.</param>
internal sealed record AmbientSight(
    string Where, string? Value, string Culture, string UICulture, string? Activity, string? Context, string Scheduler, string? Thread)
{
    private static readonly AsyncLocal<string?> s_value = new();

    /// <summary>Sets whatever can be set, and leaves it so.</summary>
    public static void Change(string who, string culture)
    {
        s_value.Value = who;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        _ = new Activity(who).Start();
    }

    public static AmbientSight From(string where) => new(
        where,
        s_value.Value,
        CultureInfo.CurrentCulture.Name,
        CultureInfo.CurrentUICulture.Name,
        System.Diagnostics.Activity.Current?.OperationName,
        SynchronizationContext.Current?.GetType().Name,
        TaskScheduler.Current.GetType().Name,
        System.Threading.Thread.CurrentThread.Name);
}
