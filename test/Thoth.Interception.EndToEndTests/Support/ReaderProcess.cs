using System.Diagnostics;

namespace Thoth.Interception.EndToEndTests.Support;

/// <summary>A command of the documentation, run by a shell.</summary>
internal sealed class ReaderProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _error;

    private ReaderProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    public static ReaderProcess Start(string folder, string command, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", ["-c", command])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ReaderProcess(Process.Start(start)!);
    }

    /// <summary>Waits for the end.</summary>
    public async Task<(int Code, string Output)> EndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return (_process.ExitCode, output + await _error);
    }

    /// <summary>Waits for a line with a text and returns the rest of that line.</summary>
    public async Task<string> RestOfLineAsync(string text)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.IndexOf(text, StringComparison.Ordinal) is >= 0 and var at)
            {
                return line[(at + text.Length)..];
            }
        }

        throw new AssertionException($"The command ended without '{text}': {await _error}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
