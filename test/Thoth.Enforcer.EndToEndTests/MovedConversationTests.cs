using System.Diagnostics;
using Thoth.Enforcer.Tests.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Enforcer.EndToEndTests;

/// <summary>A conversation that continues in another process: the enforcer's counts of its session continue too.</summary>
public class MovedConversationTests
{
    private const string Policy =
        """
        {
          "id": "counts", "version": "1",
          "rules": [
            { "id": "runs", "tools": "run", "decision": "allow" },
            { "id": "two-at-most", "tools": "run", "when": { "history": { "count": { "tools": "run", "at_least": 2 } } }, "decision": "block" }
          ]
        }
        """;

    private static readonly string[] s_bothRan = ["ran", "ran"];
    private static readonly string[] s_bothBlocked = ["blocked two-at-most", "blocked two-at-most"];

    [Test]
    public async Task SecondProcess_OfTheSameSession_IsBlockedBecauseOfTheCallsInTheFirst()
    {
        await using var host = await EnforcerHost.StartAsync(configure: null, TimeProvider.System);
        await File.WriteAllTextAsync(host.PolicyPath, Policy);
        await host.RestartAsync();

        Assert.That(await CallsOfAProcessAsync(host.Url, "conv-1", calls: 2), Is.EqualTo(s_bothRan));
        Assert.That(await CallsOfAProcessAsync(host.Url, "conv-1", calls: 2), Is.EqualTo(s_bothBlocked));
        Assert.That(await CallsOfAProcessAsync(host.Url, "conv-2", calls: 2), Is.EqualTo(s_bothRan), "another conversation");
    }

    private static async Task<string[]> CallsOfAProcessAsync(string url, string session, int calls)
    {
        // .../bin/Debug/net10.0
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Path.Combine(
            Repository.Root, "test", "Thoth.Interception.CrashChild", "bin", own.Parent!.Name, own.Name, "Thoth.Interception.CrashChild.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "conversation", url, session, $"{calls}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, await errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
