using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception.DependencyInjection;

namespace Thoth.Interception.Tests.Diagnostics;

public class LogLevelTests
{
    [TestCase("DEBUG", null, LogLevel.Debug), TestCase("trace", null, LogLevel.Debug), TestCase("NotSet", null, LogLevel.Debug)]
    [TestCase(" info ", "ERROR", LogLevel.Information), TestCase("warn", null, LogLevel.Warning), TestCase("WARNING", null, LogLevel.Warning)]
    [TestCase("error", null, LogLevel.Error), TestCase("CRITICAL", null, LogLevel.Error), TestCase("fatal", null, LogLevel.Error)]
    [TestCase("10", null, LogLevel.Debug), TestCase("20", null, LogLevel.Information), TestCase("30", null, LogLevel.Warning)]
    [TestCase("31", null, LogLevel.Error), TestCase(null, "INFO", LogLevel.Information), TestCase("  ", "INFO", LogLevel.Information)]
    [TestCase("verbose", "DEBUG", null), TestCase(null, null, null)]
    public void Variables_SetTheLeastLevelOfTheLibrarysOwnCategories(string? own, string? general, LogLevel? expected)
    {
        var services = new ServiceCollection();
        services.AddSingleton(new ThothEnvironment(name => name switch
        {
            "THOTH_LOG_LEVEL" => own,
            "LOG_LEVEL" => general,
            _ => null,
        }));
        services.AddThoth();
        using var provider = services.BuildServiceProvider();

        var rules = provider.GetRequiredService<IOptions<LoggerFilterOptions>>().Value.Rules;

        Assert.That(rules.LastOrDefault(rule => rule.CategoryName == "Thoth.Interception")?.LogLevel, Is.EqualTo(expected));
    }
}
