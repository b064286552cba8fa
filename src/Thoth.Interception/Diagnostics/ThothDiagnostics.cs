using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Thoth.Interception.Diagnostics;

/// <summary>
/// Holds the activity source and the meter, both named <c>Thoth.Interception</c>. The folders that measure something declare
/// their own instruments on them. No tag holds an argument, a result or a reason.
/// </summary>
/// <remarks>
/// A listener may throw. It must neither refuse a tool call nor replace its result, so every use catches what listeners throw.
/// </remarks>
internal static class ThothDiagnostics
{
    public const string Name = "Thoth.Interception";

    private static readonly string? s_version = typeof(ThothDiagnostics).Assembly.GetName().Version?.ToString(3);

    public static ActivitySource Source { get; } = new(Name, s_version);

    public static Meter Meter { get; } = new(Name, s_version);
}
