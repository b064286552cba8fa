using System.Diagnostics;
using Thoth.Interception.Tests.Support;

namespace Thoth.Enforcer.EndToEndTests.Support;

/// <summary>The sample with the agent's page, in its own process on a free port.</summary>
internal sealed class AgentChat : IAsyncDisposable
{
    private readonly Process _process;

    private AgentChat(Process process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    public static async Task<AgentChat> StartAsync(string? enforcer = null, params (string Name, string Value)[] environment)
    {
        string[] decides = enforcer is null ? [] : ["--enforcer", enforcer];
        var start = new ProcessStartInfo("dotnet", [Repository.OutputOf("AgentChat"), "--urls", "http://127.0.0.1:0", .. decides])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(IsOfTheReader).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        const string Before = "The agent is at ";
        var line = await process.StandardOutput.ReadLineAsync() ?? "";
        Assert.That(line, Does.StartWith(Before));
        return new AgentChat(process, line[Before.Length..line.IndexOf(' ', Before.Length)]);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static bool IsOfTheReader(string name) =>
        name.StartsWith("THOTH_", StringComparison.Ordinal) || name.StartsWith("OPENAI_", StringComparison.Ordinal) || name.StartsWith("ANTHROPIC_", StringComparison.Ordinal);
}
