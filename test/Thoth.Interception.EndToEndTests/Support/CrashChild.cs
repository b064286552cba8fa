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

    public static Task<CrashChild> StartAsync(string url, string outbox, string runs, int callers, int calls) =>
        StartAsync(url, outbox, runs, $"{callers}", $"{calls}");

    /// <summary>Starts a child that holds calls and resumes them as <see cref="AskAsync"/> says.</summary>
    public static Task<CrashChild> StartHoldingAsync(string url, string outbox, string runs) => StartAsync("held", url, outbox, runs);

    private static async Task<CrashChild> StartAsync(params string[] arguments)
    {
        // .../bin/Debug/net10.0
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Path.Combine(
            Repository.Root, "test", "Thoth.Interception.CrashChild", "bin", own.Parent!.Name, own.Name, "Thoth.Interception.CrashChild.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardInput = true,
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

    /// <summary>Sends a command and reads the line that the child writes about it; <see langword="null"/> if the child is killed.</summary>
    public async Task<string?> AskAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync();
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
