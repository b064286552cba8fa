using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Conformance.Clients;
using Thoth.Interception;

namespace Thoth.Conformance.Library;

/// <summary>Kind <c>config</c>: what a host that starts has resolved, or why it does not start.</summary>
internal static class ConfigVectors
{
    private const string LogLevelKey = "log_level";

    public static async Task RunAsync(Vector vector)
    {
        var options = vector.Input.Object("options");
        var environment = vector.Input.Take("env")?.Deserialize<Dictionary<string, string>>() ?? [];
        var setup = new VectorSetup
        {
            Environment = environment,
            Mode = options?.Text(VectorOptions.Enforcement),
            Configure = VectorOptions.Read(options, VectorOptions.Enforcement),
        };
        using var host = setup.Build();
        string? error = null;
        try
        {
            await host.StartAsync();
        }
        catch (OptionsValidationException exception)
        {
            error = exception.Message;
        }

        if (vector.Expected.Has("error_contains") || error is not null)
        {
            if (!vector.Expected.Has("error_contains"))
            {
                throw new ConformanceException($"The host did not start: {error}");
            }

            vector.CheckError("error_contains", error);
            return;
        }

        if (vector.Expected.Take("resolved") is { } resolved)
        {
            var found = resolved.EnumerateObject().ToDictionary(member => member.Name, member => Resolved(host, member.Name));
            vector.CheckSubset("resolved", JsonMatch.ToJson(found));
        }

        if (vector.Expected.Text("warning_contains") is { } warning)
        {
            vector.Check(
                setup.Logs.Of(LogLevel.Warning).Any(message => message.Contains(warning, StringComparison.OrdinalIgnoreCase)),
                $"warning_contains: no warning names '{warning}'");
        }

        await host.StopAsync();
    }

    private static JsonElement Resolved(IHost host, string key) =>
        key == LogLevelKey
            ? JsonMatch.ToJson(LeastLogged(host) is > LogLevel.Trace and var level ? $"{level}" : null)
            : VectorOptions.Get(host.Services.GetRequiredService<IOptions<ThothOptions>>().Value, key);

    /// <summary>The host itself logs everything: what is more than that was resolved by the library.</summary>
    private static LogLevel LeastLogged(IHost host)
    {
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ThothOptions).Namespace!);
        return Enum.GetValues<LogLevel>().First(level => level == LogLevel.None || logger.IsEnabled(level));
    }
}
