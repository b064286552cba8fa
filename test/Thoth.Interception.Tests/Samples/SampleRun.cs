using System.Diagnostics;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Samples;

/// <summary>A sample as a real process with redirected output and no <c>THOTH_*</c> variables or keys of model providers.</summary>
internal sealed record SampleRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs a built sample, neither in the repository nor in the build output: a newcomer may start it from anywhere.</summary>
    public static Task<SampleRun> OfAsync(string sample, string[] arguments) =>
        OfAsync(Repository.OutputOf(sample), Path.GetTempPath(), arguments);

    public static async Task<SampleRun> OfAsync(string program, string workingDirectory, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        foreach (var variable in start.Environment.Keys.Where(IsRemoved).ToList())
        {
            start.Environment.Remove(variable);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new SampleRun(process.ExitCode, (await output).ReplaceLineEndings("\n"), await errors);
        }
        finally
        {
            // Only where patience ended: the process must not outlive the test.
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static bool IsRemoved(string variable) =>
        Array.Exists(["THOTH_", "OPENAI_", "ANTHROPIC_"], (string prefix) => variable.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
