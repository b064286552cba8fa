using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Coverage;

/// <summary>
/// Runs the coverage check once for each service provider. <see cref="ToolCallPipeline"/> asks for it before it is made, and
/// no governed service is made without that one: so no entrance can forget the check.
/// </summary>
internal sealed class CoverageGuard
{
    private readonly ILogger _logger;
    private readonly Lazy<CoverageReport> _report;

    public CoverageGuard(CoverageRules rules, ILogger<CoverageGuard> logger)
    {
        _logger = new NonThrowingLogger<CoverageGuard>(logger);
        _report = new Lazy<CoverageReport>(() => Logged(new CoverageInspection(rules).Run()));
    }

    public CoverageReport Report => _report.Value;

    /// <exception cref="ToolCoverageException">There are findings, and not all are allowed or only warned about.</exception>
    public void ThrowIfUngoverned()
    {
        var report = Report;
        var fatal = report.Findings.Where(finding => report.CoverageOf(finding.Interface) == ToolCoverage.Throw).ToArray();
        if (fatal.Length > 0)
        {
            throw new ToolCoverageException(fatal);
        }
    }

    private CoverageReport Logged(CoverageReport report)
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
