using System.Diagnostics;
using Thoth.Interception.Tests.Support;

namespace Thoth.Enforcer.EndToEndTests.Support;

/// <summary>A program of the repository in a process of its own, on a free port of loopback, in a temporary folder.</summary>
internal sealed class ProgramProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly TaskCompletionSource<string> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProgramProcess(string program, string[] arguments, DirectoryInfo folder, (string Name, string Value)[] environment)
    {
        _folder = folder;
        var start = new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0", .. arguments])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["THOTH_API_URL"] = "", ["THOTH_API_KEY"] = "" },
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _url.TrySetException(new InvalidOperationException($"The program ended before it listened: {Output}"));
    }

    public string Url { get; private set; } = "";

    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>Starts the enforcer with a policy; its page has the token of <see cref="PageDriver"/>.</summary>
    public static Task<ProgramProcess> StartEnforcerAsync(string policy)
    {
        var folder = Directory.CreateTempSubdirectory("thoth-enforcer-process-");
        var path = Path.Combine(folder.FullName, "policy.json");
        File.WriteAllText(path, policy);
        return StartAsync(typeof(EnforcerServer).Assembly.Location, ["--policy", path], folder, ("THOTH_ENFORCER_PAGE_TOKEN", PageDriver.Token));
    }

    public static Task<ProgramProcess> StartSampleAsync(string sample, params string[] arguments) =>
        StartAsync(Repository.OutputOf(sample), arguments, Directory.CreateTempSubdirectory("thoth-sample-process-"));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<ProgramProcess> StartAsync(
        string program, string[] arguments, DirectoryInfo folder, params (string Name, string Value)[] environment)
    {
        var process = new ProgramProcess(program, arguments, folder, environment);
        process._process.Start();
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        process.Url = await process._url.Task;
        return process;
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add(line);
        }

        foreach (var text in (string[])["Now listening on: ", "Thoth enforcer at "])
        {
            if (line.IndexOf(text, StringComparison.Ordinal) is >= 0 and var at)
            {
                _url.TrySetResult(line[(at + text.Length)..].Trim());
            }
        }
    }
}
