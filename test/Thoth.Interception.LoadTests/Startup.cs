using System.Diagnostics;
using System.Globalization;

namespace Thoth.Interception.LoadTests;

/// <summary>
/// Measures the start of an application with many governed interfaces beside that of Castle's proxies alone. Emitted types belong to the
/// process, so each measurement runs in a process of its own.
/// </summary>
internal static class Startup
{
    public const string ChildArgument = "--startup-of";

    private static readonly int[] s_counts = [100, 500, 1_000];

    public static async Task MeasureAsync(int rounds)
    {
        var results = new Dictionary<(string Variant, int Count), List<double[]>>();
        for (var round = 0; round < rounds; round++)
        {
            // In turns, so that what else the machine does meets all of them.
            foreach (var count in s_counts)
            {
                foreach (var variant in StartupChild.Variants)
                {
                    var key = (variant, count);
                    results.TryAdd(key, []);
                    results[key].Add(await ChildAsync(variant, count));
                }
            }

            Console.Error.WriteLine($"Round {round + 1} of {rounds}, load {Load()}.");
        }

        Console.WriteLine($"Medians of {rounds} rounds in ms; load {Load()}.");
        Console.WriteLine("| variant | interfaces | register | build | host start | first resolve | resolve the others | all | CPU | first call | further first calls |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var ((variant, count), runs) in results)
        {
            var columns = Enumerable.Range(0, runs[0].Length).Select(column => Median(runs.Select(run => run[column])));
            Console.WriteLine($"| {variant} | {count} | {string.Join(" | ", columns.Select(static value => value.ToString("N2", CultureInfo.InvariantCulture)))} |");
        }

        foreach (var variant in StartupChild.Variants)
        {
            // Of one round, because both processes of a round run at about the same load.
            var growth = results[(variant, 1_000)].Zip(results[(variant, 100)], static (many, few) => many[StartupChild.Total] / few[StartupChild.Total]);
            Console.WriteLine($"{variant}: the time of 1,000 is {Median(growth):F1} times that of 100.");
        }

        foreach (var count in s_counts)
        {
            var ratio = results[(StartupChild.Governed, count)].Zip(
                results[(StartupChild.Castle, count)], static (governed, castle) => governed[StartupChild.Total] / castle[StartupChild.Total]);
            Console.WriteLine($"{count}: governed takes {Median(ratio):F2} times the time of Castle alone.");
        }
    }

    private static async Task<double[]> ChildAsync(string variant, int count)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Startup).Assembly.Location);
        }

        start.ArgumentList.Add(ChildArgument);
        start.ArgumentList.Add(variant);
        start.ArgumentList.Add(count.ToString(CultureInfo.InvariantCulture));
        using var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? [.. line.Split(' ').Select(static value => double.Parse(value, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"The process of '{variant}' failed with exit code {process.ExitCode}.");
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    private static string Load() => OperatingSystem.IsLinux() ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
