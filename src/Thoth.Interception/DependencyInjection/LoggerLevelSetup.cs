using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception.Diagnostics;

namespace Thoth.Interception.DependencyInjection;

/// <summary>
/// <c>THOTH_LOG_LEVEL</c>, then <c>LOG_LEVEL</c>, as the least level of the library's own categories (contract §7.4). Unset or
/// unknown, the host's configuration decides alone.
/// </summary>
internal sealed class LoggerLevelSetup(ThothEnvironment environment) : IConfigureOptions<LoggerFilterOptions>
{
    public void Configure(LoggerFilterOptions options)
    {
        if (Resolve() is { } level)
        {
            options.Rules.Add(new LoggerFilterRule(null, ThothDiagnostics.Name, level, null));
        }
    }

    private LogLevel? Resolve()
    {
        var own = environment.Read("THOTH_LOG_LEVEL");

        // A variable of our own that is set but unknown is a mistake: the general one is no answer to it.
        return LevelIn(string.IsNullOrWhiteSpace(own) ? environment.Read("LOG_LEVEL") : own);
    }

    private static LogLevel? LevelIn(string? value) => value?.Trim().ToUpperInvariant() switch
    {
        "TRACE" or "DEBUG" or "NOTSET" => LogLevel.Debug,
        "INFO" => LogLevel.Information,
        "WARN" or "WARNING" => LogLevel.Warning,
        "ERROR" or "CRITICAL" or "FATAL" => LogLevel.Error,
        { } text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number switch
        {
            <= 10 => LogLevel.Debug,
            <= 20 => LogLevel.Information,
            <= 30 => LogLevel.Warning,
            _ => LogLevel.Error,
        },
        _ => null,
    };
}
