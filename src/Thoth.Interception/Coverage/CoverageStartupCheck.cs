using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Coverage;

/// <summary>
/// Runs the coverage check once for each service provider. Every governed service needs <see cref="ToolCallPipeline"/>, which
/// runs the start-up checks first, so no entry point can skip this check.
/// </summary>
internal sealed class CoverageStartupCheck : IStartupCheck
{
    private readonly ILogger _logger;
    private readonly Lazy<CoverageReport> _report;

    public CoverageStartupCheck(CoverageRules rules, ILogger<CoverageStartupCheck> logger)
    {
        _logger = new NonThrowingLogger<CoverageStartupCheck>(logger);
        _report = new Lazy<CoverageReport>(() => LogFindings(new CoverageInspection(rules).Run()));
    }

    public CoverageReport Report => _report.Value;

    /// <exception cref="ToolCoverageException">A finding is not allowed, and the mode of its interface is <see cref="ToolCoverage.Throw"/>.</exception>
    public void ThrowIfFailed()
    {
        var report = Report;
        var fatal = report.Findings.Where(finding => report.CoverageOf(finding.Interface) == ToolCoverage.Throw).ToArray();
        if (fatal.Length > 0)
        {
            throw new ToolCoverageException(fatal);
        }
    }

    private CoverageReport LogFindings(CoverageReport report)
    {
        foreach (var finding in report.Findings)
        {
            if (report.CoverageOf(finding.Interface) == ToolCoverage.Warn)
            {
                Log.Ungoverned(_logger, finding.Message);
            }
        }

        foreach (var finding in report.Allowed)
        {
            Log.AllowedUngoverned(_logger, finding.ServiceType, finding.Interface, finding.AllowedReason!);
        }

        return report;
    }
}
