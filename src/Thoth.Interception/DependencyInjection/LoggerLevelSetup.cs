using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception.Diagnostics;

namespace Thoth.Interception.DependencyInjection;

/// <summary>
/// Sets the minimum level of the library's log categories from <c>THOTH_LOG_LEVEL</c>, or else <c>LOG_LEVEL</c> (contract §7.4). If
/// that is unset or unknown, the host's configuration applies.
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
        var level = environment.Read("THOTH_LOG_LEVEL");

        // If THOTH_LOG_LEVEL has an unknown value, that is a mistake: LOG_LEVEL does not replace it.
        return Parse(string.IsNullOrWhiteSpace(level) ? environment.Read("LOG_LEVEL") : level);
    }

    private static LogLevel? Parse(string? value) => value?.Trim().ToUpperInvariant() switch
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
