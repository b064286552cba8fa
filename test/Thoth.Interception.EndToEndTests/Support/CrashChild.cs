using System.Diagnostics;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.EndToEndTests.Support;

/// <summary>The child process that makes governed calls until it is killed.</summary>
internal sealed class CrashChild : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private CrashChild(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static async Task<CrashChild> StartAsync(string url, string outbox, string runs, int callers, int calls)
    {
        // .../bin/Debug/net10.0
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Path.Combine(
            Repository.Root, "test", "Thoth.Interception.CrashChild", "bin", own.Parent!.Name, own.Name, "Thoth.Interception.CrashChild.dll");
        var start = new ProcessStartInfo("dotnet", [program, url, outbox, runs, $"{callers}", $"{calls}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var child = new CrashChild(Process.Start(start)!);
        var said = await child._process.StandardOutput.ReadLineAsync();
        if (said != "ready")
        {
            Assert.Fail($"The child did not start: {said} {await child._errors}");
        }

        return child;
    }

    /// <summary>SIGKILL: nothing of it runs any more.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    public async Task EndAsync()
    {
        await _process.WaitForExitAsync();
        Assert.That(_process.ExitCode, Is.Zero, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
